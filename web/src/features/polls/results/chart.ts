import { BarController, BarElement, CategoryScale, Chart, LinearScale } from 'chart.js'

Chart.register(BarController, BarElement, CategoryScale, LinearScale)

export interface Bars {
  values: number[]
  colors: string[]
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** A colour of the design as a canvas takes it: custom properties and mixtures are resolved by the browser itself. */
export function colorOf(near: Element, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  near.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!pen) return color
  pen.fillStyle = color
  pen.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0, a = 255] = pen.getImageData(0, 0, 1, 1).data
  return `rgba(${r}, ${g}, ${b}, ${a / 255})`
}

/** Bars and nothing else: words, numbers and the table are the page's own. They move from where they are. */
export function drawBars(canvas: HTMLCanvasElement, bars: Bars, lying: boolean, most: number) {
  const pen = canvas.getContext('2d')
  if (!pen) return null
  const chart = new Chart(pen, {
    type: 'bar',
    data: {
      labels: bars.values.map((_, at) => at),
      datasets: [
        {
          data: bars.values,
          backgroundColor: bars.colors,
          borderRadius: 8,
          borderSkipped: false,
          barPercentage: 1,
          categoryPercentage: lying ? 0.88 : 0.82,
        },
      ],
    },
    options: {
      indexAxis: lying ? 'y' : 'x',
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      // While it moves, the library puts a new size off until it draws again, and after the last frame it never does.
      animation: still()
        ? false
        : { duration: 420, easing: 'easeOutQuart', onComplete: ({ chart }) => chart.draw() },
      scales: {
        x: { display: false, min: 0, ...(lying ? { max: most } : {}) },
        y: { display: false, min: 0, ...(lying ? {} : { max: most }) },
      },
    },
  })
  return {
    move(next: Bars, nextMost: number): void {
      const set = chart.data.datasets[0]!
      chart.data.labels = next.values.map((_, at) => at)
      // In place: what Chart.js knows of each bar is where it begins to move.
      set.data.splice(0, set.data.length, ...next.values)
      set.backgroundColor = next.colors
      const scale = chart.options.scales?.[lying ? 'x' : 'y']
      if (scale) scale.max = nextMost
      chart.update()
    },
    destroy: () => chart.destroy(),
  }
}
