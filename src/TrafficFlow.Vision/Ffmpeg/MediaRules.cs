namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>
/// Which demuxers and protocols ffmpeg and ffprobe may use for each kind of source, and how large a picture may be. Playlists (HLS, DASH,
/// ffconcat, SDP, numbered pictures) are in no list: they name other files and addresses, which ffmpeg would open with our rights.
/// </summary>
internal static class MediaRules
{
    /// <summary>8K as cameras give it, 8192 x 4320; larger pictures are made to use up memory.</summary>
    public const int MostPixels = 8192 * 4320;

    /// <summary>Of one block of memory, in bytes: a picture of 8K in the dearest format has 283 MB.</summary>
    private const int LargestBlock = 512 << 20;

    /// <summary>One name of each demuxer is enough. Raw streams (h264 to av1) are what recorders write without a container.</summary>
    private const string FileFormats =
        "mp4,matroska,avi,mpegts,mpeg,flv,asf,ogg,dhav,mxf,h264,hevc,mpegvideo,m4v,mjpeg,mpjpeg,ivf,obu,av1,yuv4mpegpipe";

    /// <summary>What comes in one stream: cameras send Motion JPEG, MPEG-TS, fragmented MP4 or Matroska.</summary>
    private const string HttpFormats = "mpjpeg,mjpeg,mpegts,mp4,matroska,flv,h264,hevc";

    /// <summary>What stands in front of -i.</summary>
    public static IReadOnlyList<string> For(VideoSource source)
    {
        var (formats, protocols) = source.Kind switch
        {
            VideoSourceKind.File => (FileFormats, "file"),
            VideoSourceKind.Rtsp => ("rtsp", "tcp"),
            VideoSourceKind.Http when source.Address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) => (HttpFormats, "https,tls,tcp"),
            VideoSourceKind.Http => (HttpFormats, "http,tcp"),
            _ => ("v4l2", "file"),
        };
        return
        [
            "-max_alloc", $"{LargestBlock}", "-max_pixels", $"{MostPixels}", "-format_whitelist", formats, "-protocol_whitelist", protocols,
            // Whom a redirect names, the camera decides: it may be anyone who trusts this machine.
            .. source.Kind == VideoSourceKind.Http ? ["-max_redirects", "0"] : Array.Empty<string>(),
        ];
    }
}
