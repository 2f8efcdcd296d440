using TrafficFlow.Core.Calibration;

namespace TrafficFlow.Node.Calibrate;

/// <summary>What the command line asks of a calibration.</summary>
internal sealed record CalibrateOptions
{
    public required string SiteFile { get; init; }

    public string? Config { get; init; }

    public string? Video { get; init; }

    public string? PointsFile { get; init; }

    public required (int Width, int Height) PointsSize { get; init; }

    public IReadOnlyList<LaneLine> Lanes { get; init; } = [];

    public double? LaneWidth { get; init; }

    public bool FromVehicles { get; init; }

    public double? FieldOfView { get; init; }

    /// <summary>Asks on the terminal, whatever the site file holds.</summary>
    public bool Asks { get; init; }

    /// <summary>Site file to write; null writes none.</summary>
    public string? Target { get; init; }

    public string? Picture { get; init; }

    public double At { get; init; }

    public bool AsJson { get; init; }

    public bool IsRough => Lanes.Count > 0 || FromVehicles;

    public void Check()
    {
        if (PointsFile is not null && IsRough) throw new UsageException("--points goes without --lanes and --vehicles: a survey is better than both");
        if (Asks && (PointsFile is not null || IsRough || AsJson)) throw new UsageException("--ask goes without --points, --lanes, --vehicles and --json: it asks for all of them");
        if (Lanes.Count > 0 != LaneWidth is not null) throw new UsageException("--lanes and --lane-width go together");
        if (FieldOfView is not null && !IsRough) throw new UsageException("--field-of-view goes with --lanes or --vehicles: surveyed points tell it themselves");
        if (Target is { } target && Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"--out: there is no folder {folder}");
        if (Picture is not { } picture) return;
        if (!picture.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw new UsageException("--picture is a .png file");
        if (Path.GetDirectoryName(Path.GetFullPath(picture)) is { } place && !Directory.Exists(place)) throw new UsageException($"--picture: there is no folder {place}");
    }
}
