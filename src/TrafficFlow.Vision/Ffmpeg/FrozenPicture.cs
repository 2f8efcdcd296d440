using System.Runtime.InteropServices;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>
/// Notices a camera that sends the same picture again and again: a live sensor's noise never repeats. Compares a checksum over a
/// sample of the pixels; the checksum never leaves this class.
/// </summary>
internal sealed class FrozenPicture(TimeSpan patience)
{
    private const int SampleEvery = 16;

    private ulong _last;
    private TimeSpan? _since;

    /// <summary>True once the picture has not changed for the patience. Times are elapsed, not wall clock.</summary>
    public bool Watch(ReadOnlySpan<byte> pixels, TimeSpan elapsed)
    {
        var sum = Checksum(pixels);
        if (_since is null || sum != _last)
        {
            _last = sum;
            _since = elapsed;
            return false;
        }

        return elapsed - _since.Value >= patience;
    }

    private static ulong Checksum(ReadOnlySpan<byte> pixels)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(pixels);
        var sum = 14695981039346656037UL;
        for (var i = 0; i < words.Length; i += SampleEvery) sum = (sum ^ words[i]) * 1099511628211UL;
        return sum;
    }
}
