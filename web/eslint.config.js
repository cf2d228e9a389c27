import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'
import a11y from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'

const layoutOff = Object.fromEntries(
  [
    'max-attributes-per-line', 'html-indent', 'singleline-html-element-content-newline',
    'multiline-html-element-content-newline', 'html-closing-bracket-newline', 'html-self-closing',
    'first-attribute-linebreak', 'attributes-order', 'require-default-prop', 'multi-word-component-names',
  ].map((r) => [`vue/${r}`, 'off']),
)

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/shared/api/schema.d.ts', 'test-results', 'playwright-report'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  { languageOptions: { globals: { ...globals.browser } } },
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      ...layoutOff,
      'vue/max-lines-per-block': 'off',
      'max-lines': ['error', { max: 400 }],
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] }, controlComponents: ['el-input', 'el-select', 'DateField', 'OrgField'] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  { files: ['public/*.js'], languageOptions: { globals: globals.serviceworker }, rules: { '@typescript-eslint/no-unused-vars': 'off' } },
  { files: ['**/*.vue'], rules: { 'max-lines': ['error', { max: 250 }] } },
  // A module imports shared code and its own files, never another module and never the application frame.
  {
    files: ['src/modules/**/*'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['@/modules/*', '@/app/*', '../../modules/*', '../../../modules/*', '**/app/*'], message: 'A module imports only @/shared and its own files.' }] }] },
  },
  {
    files: ['src/shared/**/*'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['@/modules/*', '@/app/*'], message: 'Shared code knows no module.' }] }] },
  },
  { files: ['tests/**/*', '*.config.*', 'tests/**/*.mjs'], languageOptions: { globals: { ...globals.node } }, rules: { 'no-console': 'off', 'vue/one-component-per-file': 'off' } },
)
