using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Junctions;

/// <summary>What was decided on the way to a journey that was counted. Names are kept in files: they do not change.</summary>
[Flags]
public enum JourneyReasons
{
    None = 0,

    /// <summary>Tracks of several cameras were joined by place, way and velocity on the ground.</summary>
    Joined = 1,

    /// <summary>A track ended, and another one of the same or another camera went on with the vehicle: hidden and found again.</summary>
    HandedOver = 2,

    /// <summary>Two vehicles that no camera saw apart kept together: they were one.</summary>
    Merged = 4,

    /// <summary>A track that contradicted the others for long was taken off.</summary>
    Split = 8,

    /// <summary>A camera that looked back has seen it pass the entering gate at this time.</summary>
    EntryConfirmed = 16,

    /// <summary>The cameras that looked back were far surer of another time of entering, which counts.</summary>
    EntryRetimed = 32,

    /// <summary>The same of leaving.</summary>
    ExitRetimed = 64,

    /// <summary>No camera saw it enter.</summary>
    EntryUnknown = 128,

    /// <summary>No camera saw it leave.</summary>
    ExitUnknown = 256,

    /// <summary>It had been on the junction for so long that its entry was counted ahead, its exit as unknown.</summary>
    EntryAhead = 512,

    /// <summary>Its entry had been counted before.</summary>
    ExitAfter = 1024,

    /// <summary>Second images of it were found, and not counted.</summary>
    SecondImages = 2048,

    /// <summary>Another vehicle was beside it for a part of its way, too small a part to be the same.</summary>
    OtherBeside = 4096,
}

/// <summary>One camera's track of the vehicle.</summary>
/// <param name="MatchScore">How well it fitted the vehicle when it was joined, 0..1; null for the track with which the vehicle began.</param>
public sealed record JoinedTrack(
    CameraId Camera, long Track, long FirstFrame, DateTimeOffset From, long LastFrame, DateTimeOffset To, double? MatchScore,
    VehicleClass Class, double ClassConfidence, TrackStanding Standing);

/// <summary>A camera looked back at how its track passed the gate.</summary>
public sealed record GateLook(CameraId Camera, long Track, DateTimeOffset Time, double SpeedKmh, double SpeedErrorKmh);

/// <summary>How one end of the journey is known.</summary>
/// <param name="Camera">Whose gate was passed, on the ground.</param>
public sealed record GatePassed(CameraId Camera, GateId Gate, ApproachId Approach, DateTimeOffset Time, ImmutableArray<GateLook> Looks);

/// <summary>Why a journey was counted. Of its colour nothing is told: with its times that could tell one vehicle from the next.</summary>
/// <param name="Number">Of the journey, see <see cref="Journey.Number"/>.</param>
public sealed record JourneyEvidence(long Number, JourneyPart Part)
{
    /// <summary>In order of their beginning; of more than some the first and the last.</summary>
    public ImmutableArray<JoinedTrack> Tracks { get; init; } = [];

    /// <summary>Null where no camera saw it enter.</summary>
    public GatePassed? Entry { get; init; }

    public GatePassed? Exit { get; init; }

    /// <summary>Seconds of observation for each class, weighted by how near and how sure; the most wins.</summary>
    public ImmutableArray<(VehicleClass Class, double Weight)> ClassVotes { get; init; } = [];

    public JourneyReasons Reasons { get; init; }

    public int SecondImages { get; init; }

    /// <summary>Share of its way on which the nearest other vehicle was beside it; at <see cref="FusionSettings.DoubleShare"/> they would be one.</summary>
    public double BesideShare { get; init; }

    public DateTimeOffset DecidedAt { get; init; }
}
