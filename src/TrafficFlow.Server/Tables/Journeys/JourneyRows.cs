using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>
/// Journeys to rows and back. Their times are cut to whole seconds, here and so on the topic: enough for travel times, and nobody can tell one vehicle
/// from the next by it.
/// </summary>
internal static class JourneyRows
{
    public static JourneyRow Row(DeliveryBatch batch, JourneyEntry entry, long cursor)
    {
        var j = entry.Journey;
        return new JourneyRow
        {
            Site = batch.Site.Value,
            Camera = batch.Camera.Value,
            Epoch = batch.Epoch,
            Sequence = entry.Sequence,
            Approach = j.Approach?.Value,
            Exit = j.Exit?.Value,
            EnteredAt = j.EnteredAt is { } entered ? Second(entered) : null,
            LeftAt = j.LeftAt is { } left ? Second(left) : null,
            FirstSeenAt = Second(j.FirstSeenAt),
            LastSeenAt = Second(j.LastSeenAt),
            Class = j.Class.Name(),
            ClassConfidence = j.ClassConfidence,
            Colour = j.Colour.Name(),
            ColourConfidence = j.ColourConfidence,
            EnterSpeedKmh = j.EnterSpeedKmh,
            LeaveSpeedKmh = j.LeaveSpeedKmh,
            SpeedErrorKmh = j.SpeedErrorKmh,
            DistanceMetres = j.DistanceMetres,
            Stops = j.Stops,
            StoppedSeconds = j.StoppedSeconds,
            DelaySeconds = j.DelaySeconds,
            Cameras = j.Cameras,
            SiteHash = batch.Provenance.SiteHash,
            Model = batch.Provenance.DetectorName,
            ModelVersion = batch.Provenance.DetectorVersion,
            Calibration = batch.Provenance.Calibration,
            Cursor = cursor,
            LateralMetres = Tenth(j.LateralMetres),
            QueuedAt = j.QueuedAt is { } queued ? Second(queued) : null,
            QueuedMetres = Tenth(j.QueuedMetres),
        };
    }

    /// <summary>As it is published: a colour that few share is left out, and so are its lane and its place in the queue, which only studies of the junction need.</summary>
    public static JourneyEnded Ended(JourneyRow row)
    {
        var stored = Journey(row.SharedColour == row.Colour ? row : row with { Colour = VehicleColour.Unknown.Name(), ColourConfidence = 0 });
        var journey = stored.Journey with { LateralMetres = null, QueuedAt = null, QueuedMetres = null };
        return new JourneyEnded(new SiteId(row.Site), journey, stored.Provenance, row.Cursor ?? 0) { Epoch = row.Epoch };
    }

    public static StoredJourney Journey(JourneyRow row) => new(
        new CameraId(row.Camera),
        new LogPosition(row.Epoch, row.Sequence),
        new Journey(
            row.Sequence, Arm(row.Approach), Arm(row.Exit), row.EnteredAt, row.LeftAt,
            VehicleClassNames.TryParse(row.Class, out var vehicleClass) ? vehicleClass : throw new InvalidDataException($"journeys has the class {row.Class}"),
            row.ClassConfidence)
        {
            Colour = VehicleColourNames.All.First(c => c.Name() == row.Colour),
            ColourConfidence = row.ColourConfidence,
            FirstSeenAt = row.FirstSeenAt,
            LastSeenAt = row.LastSeenAt,
            EnterSpeedKmh = row.EnterSpeedKmh,
            LeaveSpeedKmh = row.LeaveSpeedKmh,
            SpeedErrorKmh = row.SpeedErrorKmh,
            DistanceMetres = row.DistanceMetres,
            Stops = (int)row.Stops,
            StoppedSeconds = row.StoppedSeconds,
            DelaySeconds = row.DelaySeconds,
            Cameras = (int)row.Cameras,
            LateralMetres = row.LateralMetres,
            QueuedAt = row.QueuedAt,
            QueuedMetres = row.QueuedMetres,
        },
        new Provenance(row.SiteHash, row.Model, row.ModelVersion, row.Calibration));

    // Down, so that each time stays in its minute.
    private static DateTimeOffset Second(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));

    // Cameras know it no better.
    private static double? Tenth(double? metres) => metres is { } m ? Math.Round(m, 1) : null;

    private static ApproachId? Arm(string? name) => name is null ? null : new ApproachId(name);
}
