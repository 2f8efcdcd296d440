using System.Text.RegularExpressions;

namespace TrafficFlow.Vision.Ffmpeg;

public enum VideoSourceKind
{
    File,
    Rtsp,
    Http,
    Device,
}

/// <summary>A camera's source as ffmpeg is to open it. <see cref="Shown"/> is the form for logs and errors: it holds no password.</summary>
public sealed partial record VideoSource(string Address, VideoSourceKind Kind)
{
    public bool IsLive => Kind != VideoSourceKind.File;

    public string Shown => Redact(Address);

    public static VideoSource Parse(string source) => new(source, source switch
    {
        _ when source.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Rtsp,
        _ when source.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Rtsp,
        _ when source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Http,
        _ when source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Http,
        _ when source.StartsWith("/dev/video", StringComparison.Ordinal) => VideoSourceKind.Device,
        _ => VideoSourceKind.File,
    });

    /// <summary>Hides user and password of every address in a text.</summary>
    public static string Redact(string text) => Credentials().Replace(text, "$1***@");

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^/\s@']*(?:@[^/\s@']*)*@", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}
