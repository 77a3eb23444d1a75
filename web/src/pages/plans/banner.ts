import { ref } from 'vue'

/** The plan that the banner is about: where it has the one button in ember, others about the same are quiet. */
export const bannered = ref('')
