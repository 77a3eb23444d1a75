/** Where the picture of somebody is, if they have one. */
export const pictureOf = (person: { picture: string | null } | undefined): string | null =>
  person?.picture ? `/api/pictures/${person.picture}` : null
