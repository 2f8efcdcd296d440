namespace TrafficFlow.Vision.Ffmpeg.Confinement;

/// <summary>What one child of ffmpeg may reach: everything else is kept from it, as far as this machine can.</summary>
internal sealed record Reach
{
    /// <summary>A camera of 8K with its thread decodes in half of it; a picture that asks for more is made to.</summary>
    private const long CameraBytes = 1L << 30;

    /// <summary>A file is decoded by as many threads as there are cores.</summary>
    private const long FileBytes = 2L << 30;

    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(60);

    /// <summary>The file that it reads; null: none.</summary>
    public string? Reads { get; init; }

    /// <summary>The file that it writes, which exists already; null: none.</summary>
    public string? Writes { get; init; }

    /// <summary>The device that it reads; null: none.</summary>
    public string? Device { get; init; }

    public bool IsOnNetwork { get; init; }

    /// <summary>Most memory of its own, in bytes.</summary>
    public long Bytes { get; init; } = FileBytes;

    /// <summary>
    /// Most processor time in its life; null: no bound. A camera's child lives for months and has one thread, a file's has a reader that
    /// waits only so long for a picture.
    /// </summary>
    public TimeSpan? Processor { get; init; }

    /// <summary>Reads and writes only its pipes.</summary>
    public static Reach Nothing { get; } = new();

    public static Reach Of(VideoSource source) => source.Kind switch
    {
        VideoSourceKind.File => new Reach { Reads = Path.GetFullPath(source.Address) },
        VideoSourceKind.Device => new Reach { Device = source.Address, Bytes = CameraBytes },
        _ => new Reach { IsOnNetwork = true, Bytes = CameraBytes },
    };

    public static Reach ToProbe(string file) => new() { Reads = Path.GetFullPath(file), Processor = s_probe };

    public static Reach ToWrite(string file) => new() { Writes = Path.GetFullPath(file) };
}
