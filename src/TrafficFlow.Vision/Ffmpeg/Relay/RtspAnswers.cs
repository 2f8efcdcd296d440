using System.Buffers.Binary;
using System.Text;

namespace TrafficFlow.Vision.Ffmpeg.Relay;

/// <summary>
/// Looks through what an RTSP camera sends for answers that would lead ffmpeg elsewhere: it follows a status of 300 to 399 to whatever host
/// that names, and cannot be told not to. Takes lines, bodies and interleaved packets apart exactly as ffmpeg does, so that neither sees an
/// answer where the other sees a picture. Pure.
/// </summary>
internal sealed class RtspAnswers
{
    public const int LongestLine = 8192;

    /// <summary>Bodies are descriptions of streams: a few kilobytes.</summary>
    private const int LongestBody = 1 << 20;

    private const int ShownTarget = 200;

    private long _passing;
    private int _body;

    /// <returns>How many bytes, from the first, may be passed on; those behind them come again with the next.</returns>
    /// <exception cref="RtspRefusedException">An answer that is not to be passed on.</exception>
    public int Check(ReadOnlySpan<byte> data)
    {
        var at = 0;
        while (at < data.Length)
        {
            if (_passing > 0)
            {
                var now = (int)Math.Min(_passing, data.Length - at);
                (at, _passing) = (at + now, _passing - now);
                continue;
            }

            var rest = data[at..];
            // A packet begins at the beginning of a line, and ffmpeg does not see carriage returns.
            var lead = rest.IndexOfAnyExcept((byte)'\r');
            if (lead >= 0 && rest[lead] == '$')
            {
                if (rest.Length < lead + 4) return at;
                _passing = BinaryPrimitives.ReadUInt16BigEndian(rest[(lead + 2)..]);
                at += lead + 4;
                continue;
            }

            var end = rest.IndexOf((byte)'\n');
            if ((end < 0 ? rest.Length : end) > LongestLine) throw new RtspRefusedException("an answer of the camera has a line without end");
            if (end < 0) return at;
            Line(rest[..end], rest[(end + 1)..]);
            at += end + 1;
        }

        return at;
    }

    private void Line(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> behind)
    {
        var line = Encoding.Latin1.GetString(bytes).Replace("\r", "", StringComparison.Ordinal);
        if (line.Length == 0)
        {
            (_passing, _body) = (_body, 0);
            return;
        }

        if (Header(line, "Content-Length:") is { } length)
        {
            _body = int.TryParse(length, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bodyLength) && bodyLength <= LongestBody
                ? bodyLength
                : throw new RtspRefusedException("an answer of the camera has no sensible length");
        }

        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !words[0].StartsWith("RTSP/", StringComparison.Ordinal)) return;
        // Any other writing of a number might mean the same to ffmpeg.
        if (words.Length < 2 || words[1].Length != 3 || !words[1].All(char.IsAsciiDigit)) throw new RtspRefusedException("an answer of the camera has no status");
        if (words[1][0] == '3') throw new RtspRefusedException($"the camera redirects to {Target(behind)}");
    }

    private static string Target(ReadOnlySpan<byte> behind)
    {
        foreach (var line in Encoding.Latin1.GetString(behind[..Math.Min(behind.Length, LongestLine)]).Split('\n'))
        {
            if (Header(line.TrimEnd('\r'), "Location:") is not { } target) continue;
            var shown = string.Concat(target.Take(ShownTarget).Select(c => c is >= ' ' and <= '~' ? c : '?'));
            return VideoSource.Redact(shown);
        }

        return "another address";
    }

    private static string? Header(string line, string name) => line.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? line[name.Length..].Trim(' ', '\t') : null;
}

/// <summary>What a camera sent is not passed on; the message says why.</summary>
internal sealed class RtspRefusedException(string message) : Exception(message);
