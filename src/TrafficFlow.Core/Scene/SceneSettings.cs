namespace TrafficFlow.Core.Scene;

/// <summary>When a scene is no longer the calibrated one. Times are seconds of event time, lengths shares of the picture's width.</summary>
public sealed record SceneSettings
{
    public static readonly SceneSettings Default = new();

    /// <summary>Time between two looks. More looks cost more and tell little: faults last.</summary>
    public double LookEvery { get; init; } = 0.5;

    /// <summary>How long the background is watched before it can be compared with.</summary>
    public double LearnSeconds { get; init; } = 8;

    /// <summary>Longest gap within which looks belong together; beyond it short-term memories are dropped.</summary>
    public double Gap { get; init; } = 5;

    /// <summary>From here the picture has moved: a gate is some 10 to 40 % of the picture long, so a hundredth shifts few crossings.</summary>
    public double MovedShift { get; init; } = 0.01;

    /// <summary>Distance between the ends of a swing from which it is told.</summary>
    public double SwayShift { get; init; } = 0.005;

    /// <summary>It must swing for so long; it counts as swaying until it has been still for ten times as long.</summary>
    public double SwaySeconds { get; init; } = 6;

    /// <summary>A tile agrees from this correlation of edge directions, -1..1.</summary>
    public double Agreement { get; init; } = 0.5;

    /// <summary>Share of the structured tiles that must agree on a place for it to be known.</summary>
    public double LeastAgreeing { get; init; } = 0.25;

    /// <summary>Share of the edge strength below which a tile that had structure is empty.</summary>
    public double EmptyStrength { get; init; } = 0.2;

    /// <summary>Share of the structured tiles that must be lost within <see cref="CoverSeconds"/>: a queue that drives off empties tile by tile.</summary>
    public double CoveredShare { get; init; } = 0.3;

    public double CoverSeconds { get; init; } = 3;

    /// <summary>Fine edge strength, relative to the reference, below which a tile is blurred.</summary>
    public double BlurredStrength { get; init; } = 0.6;

    /// <summary>Share of the tiles that must be blurred.</summary>
    public double BlurredShare { get; init; } = 0.6;

    /// <summary>Grey level, 0..255, below which a picture without structure is dark.</summary>
    public double DarkLevel { get; init; } = 30;

    /// <summary>Factor of brightness, up or down within a second or two, that is a jump.</summary>
    public double ExposureFactor { get; init; } = 1.35;

    /// <summary>It must last so long: a flash, and a camera that has just been switched on, pass by.</summary>
    public double ExposureLasts { get; init; } = 3;

    /// <summary>How long a jump of the exposure counts: detectors that learn a background are confused for as long.</summary>
    public double ExposureSeconds { get; init; } = 8;

    /// <summary>How long the same picture must come.</summary>
    public double FrozenSeconds { get; init; } = 6;

    /// <summary>Evidence for so long makes a fault.</summary>
    public double RaiseSeconds { get; init; } = 3.5;

    /// <summary>The same where much or all of the scene is gone: a lorry before the lens passes.</summary>
    public double BlindSeconds { get; init; } = 5;

    /// <summary>Absence of evidence for so long ends it.</summary>
    public double ClearSeconds { get; init; } = 3;

    /// <summary>Median grey level of the road, 0..255, below which vehicles without lamps cannot be seen.</summary>
    public double DarkRoad { get; init; } = 12;

    /// <summary>Contrast of a vehicle that is hard to see: a share of the road's own grey level.</summary>
    public double FaintContrast { get; init; } = 0.3;

    /// <summary>
    /// Such a contrast must be so many times a pixel's noise. Rose's criterion asks for 5 over the whole of what is to be noticed: the smallest
    /// vehicle that is asked for, some 12 pixels, brings the square root of that.
    /// </summary>
    public double SeenRatio { get; init; } = 1.5;

    /// <summary>
    /// Side of a saturated spot, in widths of the picture, at which a vehicle is lost in its own light: a lamp's image is a tenth of a vehicle's
    /// width, and vehicles that are counted are a twentieth to a fifth of the picture's.
    /// </summary>
    public double GlareBlob { get; init; } = 0.025;

    /// <summary>A road must be seen well for so long again.</summary>
    public double SeenAgainSeconds { get; init; } = 10;

    /// <summary>Between two vehicles that dazzle there is nothing to be dazzled by.</summary>
    public double GlareEndsSeconds { get; init; } = 60;
}
