/** Images of the container runtime interface. Numbers are those of runtime.v1. */
import { bool, int64, list, message, ref, string, stringMap, strings, uint64 } from '@kaji/schema';
import { PodSandboxConfig } from './sandbox.ts';
import { Int64Value, UInt64Value } from './wrappers.ts';

export class ImageSpec extends message('runtime.v1.ImageSpec', {
  image: string(1).required(),
  annotations: stringMap(2),
  userSpecifiedImage: string(18),
  runtimeHandler: string(19),
  imageRef: string(20),
}) {}

export class Image extends message('runtime.v1.Image', {
  id: string(1).required(),
  repoTags: strings(2).required(),
  repoDigests: strings(3).required(),
  size: uint64(4).required(),
  uid: ref(5, Int64Value),
  username: string(6).required(),
  spec: ref(7, ImageSpec),
  pinned: bool(8).required(),
}) {}

export class AuthConfig extends message('runtime.v1.AuthConfig', {
  username: string(1),
  password: string(2),
  auth: string(3),
  serverAddress: string(4),
  identityToken: string(5),
  registryToken: string(6),
}) {}

export class ImageFilter extends message('runtime.v1.ImageFilter', {
  image: ref(1, ImageSpec),
}) {}

export class ListImagesRequest extends message('runtime.v1.ListImagesRequest', {
  filter: ref(1, ImageFilter),
}) {}

export class ListImagesResponse extends message('runtime.v1.ListImagesResponse', {
  images: list(1, Image).required(),
}) {}

export class ImageStatusRequest extends message('runtime.v1.ImageStatusRequest', {
  image: ref(1, ImageSpec),
  verbose: bool(2),
}) {}

export class ImageStatusResponse extends message('runtime.v1.ImageStatusResponse', {
  image: ref(1, Image),
  info: stringMap(2).required(),
}) {}

export class PullImageRequest extends message('runtime.v1.PullImageRequest', {
  image: ref(1, ImageSpec),
  auth: ref(2, AuthConfig),
  sandboxConfig: ref(3, PodSandboxConfig),
}) {}

export class PullImageResponse extends message('runtime.v1.PullImageResponse', {
  imageRef: string(1).required(),
}) {}

export class RemoveImageRequest extends message('runtime.v1.RemoveImageRequest', {
  image: ref(1, ImageSpec),
}) {}

export class RemoveImageResponse extends message('runtime.v1.RemoveImageResponse', {}) {}

export class FilesystemIdentifier extends message('runtime.v1.FilesystemIdentifier', {
  mountpoint: string(1).required(),
}) {}

export class FilesystemUsage extends message('runtime.v1.FilesystemUsage', {
  timestamp: int64(1).required(),
  fsId: ref(2, FilesystemIdentifier),
  usedBytes: ref(3, UInt64Value),
  inodesUsed: ref(4, UInt64Value),
}) {}

export class ImageFsInfoRequest extends message('runtime.v1.ImageFsInfoRequest', {}) {}

export class ImageFsInfoResponse extends message('runtime.v1.ImageFsInfoResponse', {
  imageFilesystems: list(1, FilesystemUsage).required(),
  containerFilesystems: list(2, FilesystemUsage).required(),
}) {}
