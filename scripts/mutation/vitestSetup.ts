import fc from 'fast-check';

// a property that fails has to say what its test said, and need not look for the smallest example
fc.configureGlobal({ includeErrorInReport: true, endOnFailure: true });
