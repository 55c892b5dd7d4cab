import { Title } from '@mantine/core'
import { useId } from 'react'
import classes from './card.module.css'

interface CardProps {
  title: string
  /** What stands at the right of the title, quietly. */
  aside?: React.ReactNode
  children: React.ReactNode
}

/** A part of a page under its own heading. */
export function Card({ title, aside, children }: CardProps) {
  const id = useId()
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} id={id} className={classes.title}>
          {title}
        </Title>
        {aside && <div className={classes.aside}>{aside}</div>}
      </div>
      <div className={classes.card}>{children}</div>
    </section>
  )
}
