using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Node.Why;

/// <summary>Makes the kept form of what the cameras' pipelines say.</summary>
internal static class EvidenceDocuments
{
    /// <param name="site">As it is now; null where it is none any more: then meanings and time zone are left out.</param>
    public static EvidenceDocument Of(KeepEvidence kept, CountedEntry entry, Site? site)
    {
        var camera = site?.FindCamera(kept.Camera);
        var document = new EvidenceDocument
        {
            Id = new EntryId(kept.Camera, new LogPosition(kept.Epoch, entry.Entry.Sequence)).ToString(),
            Site = kept.Site.Value,
            Zone = site?.TimeZone.Id,
            Counted = entry.Entry is VehicleEntry v ? [Part(v.Vehicle, v.Sequence)] : [],
            MadeBy = Of(kept.Provenance),
        };
        return entry.Evidence switch
        {
            CrossingCounted c => document with { Crossing = Of(c.Crossing, camera) },
            PassageCounted { Passage: var p } => document with
            {
                From = Of(p.From, p.FromGate, p.FromDirection, p.Track, p.EnteredAt, camera) with { Class = p.Class.Name(), ClassConfidence = Rounded(p.Confidence) },
                To = Of(p.To, p.ToGate, p.ToDirection, p.Track, p.LeftAt, camera) with { Class = p.Class.Name(), ClassConfidence = Rounded(p.Confidence), SpeedKmh = Rounded(p.SpeedKmh, 1), SpeedErrorKmh = Rounded(p.SpeedErrorKmh, 1) },
            },
            JourneyCounted j => document with { Counted = Counts(kept.Camera, j.Journey, entry.Entry), Journey = Of(j) },
            JourneyShareCounted s => document with { ShareOf = s.Number },
            _ => document,
        };
    }

    public static MadeBy Of(Provenance provenance) => new(provenance.DetectorName, provenance.DetectorVersion, provenance.Calibration, provenance.SiteHash);

    public static WatchedPart Of(Coverage coverage) => new(coverage.From, coverage.To, coverage.State == WatchState.Degraded ? "degraded" : "watching", coverage.FramesProcessed, coverage.FramesDropped);

    public static CountedPart Part(CountedVehicle v, long? sequence) => new(v.Approach.Value, v.Movement.Name, v.Time, v.Class.Name(), v.Size.Name(), Rounded(v.SpeedKmh, 1), sequence);

    public static CrossingPart Of(Crossing c, CameraSetup? camera) => Of(c.Evidence, c.Gate, c.Direction, c.Track, c.Time, camera) with
    {
        Class = c.Class.Name(),
        ClassConfidence = Rounded(c.Confidence),
        LengthM = Rounded(c.LengthMetres, 2),
        SpeedKmh = Rounded(c.SpeedKmh, 1),
        SpeedErrorKmh = Rounded(c.SpeedErrorKmh, 1),
    };

    private static CrossingPart Of(CrossingEvidence? e, GateId gate, CrossingDirection direction, long track, DateTimeOffset time, CameraSetup? camera)
    {
        var part = new CrossingPart(gate.Value, direction == CrossingDirection.Forward ? "forward" : "backward", Meaning(camera, gate, direction), track, time)
        {
            PictureWidth = camera?.Frame.Width,
            PictureHeight = camera?.Frame.Height,
        };
        return e is null ? part : part with
        {
            First = Of(e.FirstSeen),
            Before = Of(e.Before),
            After = Of(e.After),
            Last = Of(e.LastSeen),
            X = Rounded(e.X, 1),
            Y = Rounded(e.Y, 1),
            BeforePixels = Rounded(e.BeforePixels, 1),
            BeforeSizes = Rounded(e.BeforeSizes, 2),
            BeyondPixels = Rounded(e.BeyondPixels, 1),
            BeyondSizes = Rounded(e.BeyondSizes, 2),
            SeenShare = Rounded(e.SeenShare),
            Detections = e.Standing.Detections,
            MeanScore = Rounded(e.Standing.MeanScore),
            LeastScore = Rounded(e.Standing.LeastScore),
            SureScore = Rounded(e.SureScore),
            Votes = Of(e.Standing.Classes.Votes),
            Looks = e.Standing.Classes.WasLookedAt ? Of(e.Standing.Classes.Looks) : null,
            Reasons = Names(e.Reasons),
            OtherTrack = e.OtherTrack,
            OtherShare = e.OtherTrack is null ? null : Rounded(e.OtherShare),
            StreamForward = Rounded(e.StreamForward, 1),
            StreamBackward = Rounded(e.StreamBackward, 1),
            DecidedAt = e.DecidedAt,
            DecidedFrame = e.DecidedFrame,
        };
    }

    /// <summary>The counts of a journey: their entries stand right before its own.</summary>
    private static List<CountedPart> Counts(CameraId junction, Journey journey, OutboxEntry entry)
    {
        var vehicles = JourneyMapper.Count(junction, journey).ToList();
        var first = entry is JourneyEntry ? entry.Sequence - vehicles.Count : entry.Sequence;
        return [.. vehicles.Select((v, i) => Part(v, first + i))];
    }

    private static JourneyPart Of(JourneyCounted counted)
    {
        var (j, e) = (counted.Journey, counted.Evidence);
        return new JourneyPart(j.Number, j.Approach?.Value, j.Exit?.Value)
        {
            Tracks = [.. e.Tracks.Select(Of)],
            Entry = Of(e.Entry),
            Left = Of(e.Exit),
            FirstSeen = j.FirstSeenAt,
            LastSeen = j.LastSeenAt,
            Class = j.Class.Name(),
            ClassConfidence = Rounded(j.ClassConfidence),
            Votes = e.ClassVotes.ToDictionary(v => v.Class.Name(), v => Math.Round(v.Weight, 3)),
            DistanceM = Rounded(j.DistanceMetres, 1),
            Stops = j.Stops,
            Reasons = Names(e.Reasons),
            SecondImages = e.SecondImages,
            BesideShare = Rounded(e.BesideShare),
            DecidedAt = e.DecidedAt,
        };
    }

    private static JoinedPart Of(JoinedTrack t) => new(
        t.Camera.Value, t.Track, t.FirstFrame, t.From, t.LastFrame, t.To, Rounded(t.MatchScore), t.Class.Name(), Math.Round(t.ClassConfidence, 3),
        t.Standing.Detections, Math.Round(t.Standing.MeanScore, 3), Math.Round(t.Standing.LeastScore, 3),
        Of(t.Standing.Classes.Votes), t.Standing.Classes.WasLookedAt ? Of(t.Standing.Classes.Looks) : null);

    private static GatePassedPart? Of(GatePassed? p) => p is null ? null : new GatePassedPart(
        p.Camera.Value, p.Gate.Value, p.Approach.Value, p.Time,
        [.. p.Looks.Select(l => new GateLookPart(l.Camera.Value, l.Track, l.Time, Math.Round(l.SpeedKmh, 1), Math.Round(l.SpeedErrorKmh, 1)))]);

    private static PicturePart Of(in TrackObservation o) => new(
        o.Frame, o.Time, Math.Round(o.Box.X, 1), Math.Round(o.Box.Y, 1), Math.Round(o.Box.Width, 1), Math.Round(o.Box.Height, 1), Math.Round(o.Score, 3));

    private static Dictionary<string, double> Of(ClassWeights weights) =>
        VehicleClassNames.All.Where(c => weights.Of(c) > 0).ToDictionary(c => c.Name(), c => Math.Round(weights.Of(c), 3));

    private static string? Meaning(CameraSetup? camera, GateId id, CrossingDirection direction) =>
        camera?.Gates.FirstOrDefault(g => g.Id == id) is not { } gate ? null
        : (direction == CrossingDirection.Forward ? gate.Forward : gate.Backward) is { } meaning ? $"{(meaning.Role == GateRole.Enters ? "enters" : "exits")} {meaning.Approach}" : null;

    private static List<string> Names<T>(T reasons)
        where T : struct, Enum => [.. Enum.GetValues<T>().Where(r => Convert.ToInt32(r, null) != 0 && reasons.HasFlag(r)).Select(r => r.ToString())];

    private static double? Rounded(double? value, int digits = 3) => value is { } v && double.IsFinite(v) ? Math.Round(v, digits) : null;
}
