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

    public string Shown => IsLive ? Secrets().Replace(WholeAddress().Replace(Address, HideCredentials), "$1***") : Address;

    /// <summary>Cameras name the way in their addresses: /axis-cgi/mjpg/video.cgi, /mjpeg, /video.mjpg.</summary>
    public bool IsMotionJpeg =>
        Kind == VideoSourceKind.Http
        && (Address.Contains("mjpg", StringComparison.OrdinalIgnoreCase) || Address.Contains("mjpeg", StringComparison.OrdinalIgnoreCase));

    public static VideoSource Parse(string source) => new(source, source switch
    {
        _ when source.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Rtsp,
        _ when source.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Rtsp,
        _ when source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Http,
        _ when source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) => VideoSourceKind.Http,
        _ when source.StartsWith("/dev/video", StringComparison.Ordinal) => VideoSourceKind.Device,
        _ => VideoSourceKind.File,
    });

    /// <summary>
    /// Hides user and password of every address in a text. A password may hold an unescaped slash, and then nothing tells it from a path
    /// with an at sign: what may be a password is hidden, though the host may go with it.
    /// </summary>
    public static string Redact(string text) => Secrets().Replace(Addresses().Replace(text, HideCredentials), "$1***");

    /// <summary>What ffmpeg complained, fit for logs; null where it may name a piece of a password that broke the address.</summary>
    public string? Quote(string complaint)
    {
        if (!IsLive) return complaint;
        var credentials = Address[..(Address.LastIndexOf('@') + 1)];
        if (credentials.IndexOf("://", StringComparison.Ordinal) is var at and >= 0) credentials = credentials[(at + 3)..];
        return credentials.AsSpan().ContainsAny("/?# '\"") ? null : Redact(complaint.Replace(Address, Shown, StringComparison.Ordinal));
    }

    private static string HideCredentials(Match address)
    {
        var rest = address.Groups["rest"].Value;
        var end = rest.LastIndexOf('@');
        if (end < 0) return address.Value;
        var slash = rest.AsSpan(0, end).IndexOfAny("/?#");
        var isOnlyPath = slash > 0 && !rest.AsSpan(0, end).Contains(':') && !rest.AsSpan(0, slash).Contains('@');
        return isOnlyPath ? address.Value : $"{address.Groups["scheme"].Value}***@{rest[(end + 1)..]}";
    }

    [GeneratedRegex(@"(?<scheme>[a-z][a-z0-9+.-]*://)(?<rest>\S*)", RegexOptions.IgnoreCase)]
    private static partial Regex Addresses();

    /// <summary>An address that stands alone: a blank does not end it.</summary>
    [GeneratedRegex(@"^(?<scheme>[a-z][a-z0-9+.-]*://)(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex WholeAddress();

    /// <summary>Some cameras take the password in the query or path.</summary>
    [GeneratedRegex(@"((?:password|passwd|passwort|pwd|pass|pw|token)=)[^&\s]+", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();
}
