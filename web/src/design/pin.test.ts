// @vitest-environment happy-dom
import { createApp, h, nextTick, ref, type App } from 'vue'
import { afterEach, describe, expect, test } from 'vitest'
import PinField from './components/PinField.vue'
import { pinComplete, pinDigits, pinSpoken } from './pin'

describe('[R3] pinDigits', () => {
  test.each([
    ['12345', '12345'],
    ['123 456', '123456'],
    [' 123-45\u201367 ', '1234567'],
    ['PIN: 889.912', '889912'],
    ['١٢٣٤٥', '12345'],
    ['１２３４５', '12345'],
    ['०१२३४', '01234'],
    ['no digits', ''],
    ['123456789012', '1234567890'],
  ])('%j is %j', (text, digits) => expect(pinDigits(text)).toBe(digits))
})

test.each([
  ['1234', false],
  ['12345', true],
  ['1234567890', true],
])('%s complete: %s', (pin, complete) => expect(pinComplete(pin)).toBe(complete))

test.each([
  ['12345', '123 45'],
  ['123456', '123 456'],
  ['1234567', '123 45 67'],
  ['12345678', '123 456 78'],
  ['1234567890', '123 456 78 90'],
])('%s is spoken as %s', (pin, spoken) => expect(pinSpoken(pin)).toBe(spoken))

describe('[R3] the field', () => {
  let app: App | undefined
  afterEach(() => app?.unmount())

  function mount() {
    const pin = ref('')
    const home = document.createElement('div')
    document.body.append(home)
    app = createApp(() =>
      h(PinField, {
        label: 'PIN',
        modelValue: pin.value,
        'onUpdate:modelValue': (now: string) => (pin.value = now),
      }),
    )
    app.mount(home)
    return { pin, input: home.querySelector('input')! }
  }

  async function type(input: HTMLInputElement, text: string, caret = text.length): Promise<void> {
    input.value = text
    input.setSelectionRange(caret, caret)
    input.dispatchEvent(new Event('input'))
    await nextTick()
  }

  test('is one real field that phones know how to fill', () => {
    const { input } = mount()
    expect(input.inputMode).toBe('numeric')
    expect(input.autocomplete).toBe('one-time-code')
    expect(input.labels?.[0]?.textContent).toBe('PIN')
  })

  test('keeps the digits of what is pasted', async () => {
    const { pin, input } = mount()
    await type(input, '889 912')
    expect(pin.value).toBe('889912')
    expect(input.value).toBe('889912')
  })

  test('puts the wrong sign right even when the value stays the same', async () => {
    const { pin, input } = mount()
    await type(input, '889')
    await type(input, '88x9', 3)
    expect(pin.value).toBe('889')
    expect(input.value).toBe('889')
    expect(input.selectionStart).toBe(2)
  })

  test('takes no more than the longest PIN', async () => {
    const { pin, input } = mount()
    await type(input, '12345678901')
    expect(pin.value).toBe('1234567890')
    expect(input.value).toBe('1234567890')
  })
})
