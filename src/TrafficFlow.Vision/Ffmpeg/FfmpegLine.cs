using System.Globalization;
using System.Text.RegularExpressions;

namespace TrafficFlow.Vision.Ffmpeg;

internal enum FfmpegLineKind
{
    /// <summary>Neither of the others: what ffmpeg tells of its work.</summary>
    Other,

    /// <summary>The time base of the pictures: <see cref="FfmpegLine.Value"/> seconds a tick.</summary>
    TimeBase,

    /// <summary>A picture was decoded: <see cref="FfmpegLine.Value"/> is its time in ticks.</summary>
    Picture,

    /// <summary>The clock jumped in front of the next picture by <see cref="FfmpegLine.Value"/> seconds.</summary>
    Jump,

    /// <summary>Data on the way to the decoder was damaged or lost; it may be no more than the seam between two joined files.</summary>
    Seam,

    /// <summary>The decoder met damage.</summary>
    Damage,

    /// <summary>A complaint of unknown weight.</summary>
    Warning,
}

/// <summary>One line that ffmpeg wrote with `-loglevel level+…`. Pure.</summary>
/// <param name="Text">Without the speaker's address and the level: "error while decoding MB 32 14, bytestream 5647".</param>
internal readonly partial record struct FfmpegLine(FfmpegLineKind Kind, string Text, double Value = 0, bool IsKey = false)
{
    public bool IsComplaint => Kind is FfmpegLineKind.Damage or FfmpegLineKind.Seam or FfmpegLineKind.Warning;

    public static FfmpegLine Read(string line)
    {
        var picture = line.IndexOf(" pts:", StringComparison.Ordinal);
        if (line.StartsWith("[Parsed_showinfo", StringComparison.Ordinal)) return picture > 0 ? Picture(line, picture) : Config(line);

        var head = Head().Match(line);
        var text = line[head.Length..].Trim();
        var level = head.Groups["level"].Value;
        // What an expression prints is a bare number.
        if (level == "info" && double.TryParse(text, CultureInfo.InvariantCulture, out var jump) && double.IsFinite(jump)) return new(FfmpegLineKind.Jump, text, jump);
        return new(KindOf(level, text), text);
    }

    private static FfmpegLineKind KindOf(string level, string text) => level switch
    {
        "error" or "fatal" or "panic" => FfmpegLineKind.Damage,
        "warning" when text.Contains("corrupt decoded frame", StringComparison.Ordinal) || text.Contains("bad vlc", StringComparison.Ordinal) => FfmpegLineKind.Damage,
        // RTP counts its packets; MPEG-TS too, and begins anew where files were joined.
        "warning" when text.Contains("missed", StringComparison.Ordinal) => FfmpegLineKind.Damage,
        "warning" when text.Contains("corrupt", StringComparison.OrdinalIgnoreCase) => FfmpegLineKind.Seam,
        // Without a level, it is of a child that was asked for none: only errors.
        "" => FfmpegLineKind.Warning,
        _ => FfmpegLineKind.Other,
    };

    private static FfmpegLine Picture(string line, int at)
    {
        var number = line.AsSpan(at + 5).TrimStart();
        var end = number.IndexOf(' ');
        return end > 0 && double.TryParse(number[..end], CultureInfo.InvariantCulture, out var ticks) && double.IsFinite(ticks)
            ? new(FfmpegLineKind.Picture, "", ticks, line.Contains(" iskey:1 ", StringComparison.Ordinal))
            : new(FfmpegLineKind.Other, "");
    }

    private static FfmpegLine Config(string line)
    {
        var found = TimeBase().Match(line);
        if (!found.Success) return new(FfmpegLineKind.Other, "");
        var (above, below) = (double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture));
        return below > 0 && double.IsFinite(above / below) ? new(FfmpegLineKind.TimeBase, "", above / below) : new(FfmpegLineKind.Other, "");
    }

    /// <summary>"[h264 @ 0x560d0c5d2e80] [error] ": an address differs from run to run and tells nobody anything.</summary>
    [GeneratedRegex(@"^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*(?:\[(?<level>panic|fatal|error|warning|info|verbose|debug|trace)\] )?")]
    private static partial Regex Head();

    [GeneratedRegex(@"config in time_base: ([0-9]{1,18})/([0-9]{1,18})")]
    private static partial Regex TimeBase();
}
