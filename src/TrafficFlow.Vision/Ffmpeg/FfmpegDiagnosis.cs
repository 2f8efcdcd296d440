using System.Text.RegularExpressions;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>Reads the likely cause and the remedy out of what ffmpeg complained about. Pure.</summary>
public static partial class FfmpegDiagnosis
{
    private const string NotOnList = "not on whitelist";

    private const string ForeignRemedy =
        "a playlist (HLS, m3u8, ffconcat, SDP), a picture, or a format in which no camera records: what a playlist names is not opened. Name the recordings themselves "
        + "(MP4, MOV, Matroska, AVI, MPEG-TS); of a camera the RTSP address, or Motion JPEG, MPEG-TS or MP4 over HTTP";

    private const string RedirectRemedy =
        "the camera redirects to another address, which is not followed, or broke off: open the address in a browser, and write the one that it ends at if that is the camera";

    private static readonly (string Sign, FrameSourceFailure Failure, string Remedy)[] Signs =
    [
        (NotOnList, FrameSourceFailure.NotAVideo, ForeignRemedy),
        ("exceeds specified max pixel count", FrameSourceFailure.Unsupported, "its pictures are larger than 8192x4320, which no camera gives: record a smaller one, or leave it out"),
        ("Cannot allocate memory", FrameSourceFailure.Unsupported, "it asks for more memory than any recording needs: it is damaged, or made to use it up: leave it out"),
        ("the camera redirects to", FrameSourceFailure.Refused, RedirectRemedy),
        ("401 Unauthorized", FrameSourceFailure.Unauthorized, "the camera refuses the user or password: correct them in the source address"),
        ("403 Forbidden", FrameSourceFailure.Unauthorized, "this user may not watch: give it viewer rights on the camera"),
        ("404 Not Found", FrameSourceFailure.NotFound, "the camera answers but has no such stream: check the path of the source address"),
        ("No such file or directory", FrameSourceFailure.NotFound, "check the path"),
        ("Connection refused", FrameSourceFailure.Refused, "nothing listens there: check host and port, and that the camera is on"),
        ("No route to host", FrameSourceFailure.Refused, "the network does not lead there: check cable, address and routes"),
        ("Network is unreachable", FrameSourceFailure.Refused, "the network does not lead there: check cable, address and routes"),
        ("Failed to resolve hostname", FrameSourceFailure.Refused, "the host name is unknown: check it, or write the address in figures"),
        ("Connection timed out", FrameSourceFailure.Silent, "the camera does not answer: check cable, power and address"),
        ("Operation timed out", FrameSourceFailure.Silent, "the camera does not answer: check cable, power and address"),
        ("Unsupported RTP profile", FrameSourceFailure.Unsupported, SrtpRemedy),
        ("RTP/SAVP", FrameSourceFailure.Unsupported, SrtpRemedy),
        ("461 Unsupported", FrameSourceFailure.Unsupported, "the camera does not offer RTP over TCP: allow it on the camera"),
        ("Port missing in uri", FrameSourceFailure.Unsupported, "the address cannot be read: write / ? # @ : in the user or password as %2F %3F %23 %40 %3A"),
        ("Protocol not found", FrameSourceFailure.Unsupported, "ffmpeg was built without this protocol: install Debian's ffmpeg"),
        ("moov atom not found", FrameSourceFailure.Truncated, UnclosedRemedy),
        ("ended prematurely", FrameSourceFailure.Truncated, CutRemedy),
        ("partial file", FrameSourceFailure.Truncated, CutRemedy),
        ("Invalid data found when processing input", FrameSourceFailure.NotAVideo, "ffmpeg does not know the format: convert it, or check that it is a video"),
        ("matches no streams", FrameSourceFailure.NotAVideo, "there is no video stream in it"),
        ("Permission denied", FrameSourceFailure.Refused, "this process may not read it: check owner and permissions"),
    ];

    /// <summary>A copy mends only what was lost in copying.</summary>
    public const string CutRemedy =
        "the file is shorter than it says. If the original is longer, copy it again; if it is as short, the recording was cut off and the rest does not exist";

    public const string UnclosedRemedy =
        "its index is missing: the recording was never closed. If it is still being recorded, wait for its end; if the original is longer, copy it again; if the recorder was "
        + "cut off, no copy helps: let the recorder repair the file, and record MPEG-TS, Matroska or fragmented MP4, which need no index";

    /// <summary>
    /// Axis cameras encrypt RTSP only as SRTP with MIKEY keys, which ffmpeg does not speak: the encrypted ways are HTTPS or a VPN.
    /// </summary>
    public const string SrtpRemedy =
        "the camera offers encrypted RTP (SRTP with MIKEY keys, as Axis does behind rtsps://), which ffmpeg does not speak: use "
        + "https://HOST/axis-cgi/media.cgi, or rtsp:// inside a VPN";

    /// <summary>The first known sign in ffmpeg's complaints and the line it is in; null when there is none.</summary>
    /// <param name="isPlaying">Frames came: a damaged picture among them does not make the source something else than a video.</param>
    public static (FrameSourceFailure Failure, string Remedy, string? Line)? Find(IReadOnlyCollection<string> complaints, bool isPlaying = false)
    {
        foreach (var (sign, failure, remedy) in Signs)
        {
            if (isPlaying && failure == FrameSourceFailure.NotAVideo) continue;
            if (complaints.FirstOrDefault(line => line.Contains(sign, StringComparison.OrdinalIgnoreCase)) is { } line) return (failure, remedy, line);
        }

        return null;
    }

    public static FrameSourceException Explain(
        VideoSource source,
        long framesRead,
        IReadOnlyCollection<string> complaints,
        FrameSourceFailure otherwise,
        string otherwiseSaid)
    {
        var (failure, remedy, line) = Find(complaints, framesRead > 0) ?? Redirected(source, framesRead, complaints) ?? (otherwise, otherwiseSaid, complaints.LastOrDefault());
        // The list is long, and says nothing of the file.
        var said = line is not null && !line.Contains(NotOnList, StringComparison.Ordinal) && source.Quote(Speaker().Replace(line, "")) is { } quote ? $" (ffmpeg: {quote})" : "";
        var reached = framesRead > 0 ? $" after frame {framesRead}" : "";
        return new FrameSourceException(failure, $"{source.Shown}: {Word(failure)}{reached}: {remedy}{said}", framesRead);
    }

    /// <summary>Of a redirect ffmpeg says only that it is at its end.</summary>
    private static (FrameSourceFailure, string, string?)? Redirected(VideoSource source, long framesRead, IReadOnlyCollection<string> complaints) =>
        source.Kind == VideoSourceKind.Http && framesRead == 0 && complaints.LastOrDefault(c => c.EndsWith("Input/output error", StringComparison.Ordinal)) is { } line
            ? (FrameSourceFailure.Refused, RedirectRemedy, line)
            : null;

    /// <summary>"[NULL @ 0x560d0c5d2e80] ": an address differs from run to run and tells nobody anything.</summary>
    [GeneratedRegex(@"^\[[^\]]* @ 0x[0-9a-f]+\] ")]
    private static partial Regex Speaker();

    private static string Word(FrameSourceFailure failure) => failure switch
    {
        FrameSourceFailure.NotFound => "not found",
        FrameSourceFailure.NotAVideo => "not a video",
        FrameSourceFailure.Empty => "no picture in it",
        FrameSourceFailure.Truncated => "ends too early",
        FrameSourceFailure.Refused => "refused",
        FrameSourceFailure.Unauthorized => "wrong user or password",
        FrameSourceFailure.Unsupported => "not supported",
        FrameSourceFailure.Silent => "silent",
        FrameSourceFailure.Frozen => "frozen picture",
        FrameSourceFailure.Died => "broke off",
        FrameSourceFailure.Stuck => "cannot be closed",
        _ => failure.ToString(),
    };
}
