import { keccak256, toUtf8Bytes } from 'ethers';

/** A text as a field element: keccak256 of its UTF-8 bytes, shifted right by 8 bits to fit. */
export const textHash = (text: string): bigint => BigInt(keccak256(toUtf8Bytes(text))) >> 8n;
