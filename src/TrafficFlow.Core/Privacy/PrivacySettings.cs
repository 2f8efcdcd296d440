namespace TrafficFlow.Core.Privacy;

/// <summary>
/// How long, and how far around, persons and vehicles stay coarse in shown pictures. Times are seconds of event time, lengths shares of the
/// subject's own size. All errs on the side of coarsening: a patch of road too many harms nobody.
/// </summary>
public sealed record PrivacySettings
{
    public static readonly PrivacySettings Default = new();

    /// <summary>
    /// Added at each side of a person's box. A box that overlaps its subject by half (what counts as found where detectors are compared) leaves
    /// out up to a fifth at one side, and the head is at a side.
    /// </summary>
    public double PersonMargin { get; init; } = 0.2;

    /// <summary>The same for a vehicle: its plate is not at the rim.</summary>
    public double VehicleMargin { get; init; } = 0.1;

    /// <summary>All that was seen of a subject so long before and after a moment is covered: a box that is cut for a frame uncovers nothing.</summary>
    public double BlendSeconds { get; init; } = 0.1;

    /// <summary>Below it a subject stands, sizes a second.</summary>
    public double StandingSpeed { get; init; } = 0.25;

    /// <summary>Seen so often, its speed is believed.</summary>
    public int FewestObservations { get; init; } = 3;

    /// <summary>What moves and is missed is covered for so long on the predicted way, before it was first seen as after it was last seen.</summary>
    public double MovingSeconds { get; init; } = 2;

    /// <summary>What stands is covered at its place for so long.</summary>
    public double StandingSeconds { get; init; } = 10;

    /// <summary>What was seen once or twice, and surely at least once.</summary>
    public double GlimpsedSeconds { get; init; } = 3;

    /// <summary>What was seen twice, and never surely; once is nothing.</summary>
    public double DoubtedSeconds { get; init; } = 1;

    /// <summary>Seen again at its place within this time, a subject that stood has never left. Files are looked ahead for as long.</summary>
    public double HorizonSeconds { get; init; } = 20;

    /// <summary>Two boxes are one subject from this overlap (over union) on.</summary>
    public float SameSubject { get; init; } = 0.25f;

    /// <summary>The same for two boxes in one frame.</summary>
    public float SecondBox { get; init; } = 0.5f;
}
