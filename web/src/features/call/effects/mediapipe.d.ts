declare module '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js' {
  /** Makes the WebAssembly part, given where its files lie. */
  const createMediapipeSolutionsWasm: (options: object) => Promise<unknown>
  export default createMediapipeSolutionsWasm
}
