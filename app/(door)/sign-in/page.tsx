import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { DoorFrame } from '@/components/door/DoorFrame';
import { SignInForm } from '@/components/door/SignInForm';

export const metadata: Metadata = { title: 'Sign in' };

export default function SignInPage(): ReactNode {
  return (
    <DoorFrame title="Sign in">
      <SignInForm />
    </DoorFrame>
  );
}
