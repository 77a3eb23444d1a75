import type { Component } from 'vue'
import MineSection from './MineSection.vue'
import PlannedSection from './PlannedSection.vue'
import VisitedSection from './VisitedSection.vue'

/** What stands on one's own page of rooms, from top to bottom: a component with its own heading each. */
export const SECTIONS: Component[] = [MineSection, PlannedSection, VisitedSection]
