/** What the kubelet tells people about pods and the node. */
import type { Pod } from '@kaji/api/core/v1';
import type { EventRecorder } from '@kaji/client';
import type { AnyContainer, ContainerRole } from './pod-worker/pod-view.ts';

/** A core/v1 ObjectReference, with the part of the object that is meant. */
export interface Subject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string | undefined;
  readonly fieldPath?: string;
}

/** Says what happened. Never waits, never throws: an event that cannot be written is lost. */
export interface Recorder {
  record(subject: Subject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

export const recorderOver = (recorder: EventRecorder): Recorder => ({
  record(subject, type, reason, message) {
    if (subject.name === '') return; // an orphan: there is no object to speak of
    recorder.recordAbout({ ...subject, resourceVersion: subject.resourceVersion ?? '', fieldPath: subject.fieldPath ?? '' }, { type, reason, message });
  },
});

export const podSubject = (pod: Pod): Subject => ({
  kind: 'Pod', apiVersion: 'v1', namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', uid: pod.metadata.uid ?? '', resourceVersion: pod.metadata.resourceVersion,
});

export function containerSubject(pod: Pod, container: AnyContainer, role: ContainerRole): Subject {
  const list = role === 'container' ? 'containers' : role === 'ephemeral' ? 'ephemeralContainers' : 'initContainers';
  return { ...podSubject(pod), fieldPath: `spec.${list}{${container.name}}` };
}
