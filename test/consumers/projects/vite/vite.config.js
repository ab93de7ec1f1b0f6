export default {
  root: import.meta.dirname,
  build: {
    modulePreload: { polyfill: false }, // it needs a document; the page's script is run without one
    rolldownOptions: { output: { entryFileNames: "main.js" } },
  },
};
