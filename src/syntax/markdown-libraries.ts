/** What reads Markdown that the scanner does not. In what is shipped it is a file of its own, loaded where a text is new. */
export { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
export { frontmatter } from 'micromark-extension-frontmatter';
export { default as remarkParse } from 'remark-parse';
export { unified } from 'unified';
