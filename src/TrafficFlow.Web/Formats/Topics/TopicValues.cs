using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Formats.Topics;

/// <summary>Messages of topics as the JSON objects that programs get of them, one for each bin, journey, incident or camera.</summary>
public static class TopicValues
{
    // Goes to a terminal or a program, never into a page.
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<JsonElement> Of(TopicMessage message) => [.. Values(message).Select(v => JsonSerializer.SerializeToElement(v, Layout))];

    /// <summary>The same, each on one line of UTF-8.</summary>
    public static IReadOnlyList<byte[]> Write(TopicMessage message) => [.. Values(message).Select(v => JsonSerializer.SerializeToUtf8Bytes(v, Layout))];

    private static IEnumerable<object> Values(TopicMessage message) => message.Message switch
    {
        FlowBinClosed closed => [Of(closed.Bin, closed.Cursor)],
        FlowBinsOpen open => open.Bins.Select(b => Of(b, null)),
        JourneyEnded ended => [Of(ended, message.Place)],
        IncidentTold told => [Of(told)],
        CameraStatus status => [Of(status)],
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.Message, "no topic carries this"),
    };

    private static object Of(FlowBin bin, long? cursor) => new
    {
        Cursor = cursor,
        Site = bin.Key.Site.Value,
        Approach = bin.Key.Approach.Value,
        Minutes = bin.Key.Duration.Minutes,
        Start = bin.Key.Start,
        bin.End,
        Closed = bin.IsClosed,
        bin.Revision,
        Quality = bin.Quality.ToString().ToLowerInvariant(),
        ObservedSeconds = Math.Round(bin.ObservedSeconds, 3),
        bin.SiteHash,
        Rows = bin.Rows.Select(r => new { Movement = r.Movement.Name, Class = r.Class.Name(), r.Sums.Count }),
        Queue = bin.Queue is { } queue
            ? new
            {
                MeanMetres = Math.Round(queue.MeanMetres ?? 0, 1),
                MaxMetres = Math.Round(queue.MaxMetres, 1),
                MeanVehicles = Math.Round(queue.MeanVehicles ?? 0, 1),
                queue.MaxVehicles,
            }
            : null,
    };

    private static object Of(JourneyEnded ended, TopicPlace? place)
    {
        var j = ended.Journey;
        return new
        {
            Cursor = place?.ToString(),
            Id = ended.Epoch > 0 ? new EntryId(JunctionSetup.IdOf(ended.Site), new LogPosition(ended.Epoch, j.Number)).ToString() : null,
            Site = ended.Site.Value,
            j.Number,
            Approach = j.Approach?.Value,
            Exit = j.Exit?.Value,
            j.EnteredAt,
            j.LeftAt,
            Class = j.Class.Name(),
            ClassConfidence = Math.Round(j.ClassConfidence, 2),
            Size = j.Class == VehicleClass.Unclassified ? null : j.Size.ToString().ToLowerInvariant(),
            Colour = j.Colour == VehicleColour.Unknown ? null : j.Colour.Name(),
            ColourConfidence = Math.Round(j.ColourConfidence, 2),
            j.FirstSeenAt,
            EnterSpeedKmh = Rounded(j.EnterSpeedKmh),
            LeaveSpeedKmh = Rounded(j.LeaveSpeedKmh),
            SpeedErrorKmh = Rounded(j.SpeedErrorKmh),
            DistanceMetres = Math.Round(j.DistanceMetres, 1),
            j.Stops,
            StoppedSeconds = Math.Round(j.StoppedSeconds, 1),
            DelaySeconds = Math.Round(j.DelaySeconds, 1),
            j.Cameras,
            ended.Provenance.SiteHash,
            Detector = ended.Provenance.DetectorName,
            ended.Provenance.DetectorVersion,
            ended.Provenance.Calibration,
        };
    }

    private static object Of(IncidentTold told)
    {
        var i = told.Incident;
        return new
        {
            Id = $"{told.Site}/{told.Epoch}/{i.Number}",
            Site = told.Site.Value,
            i.Revision,
            Kind = i.Kind.Name(),
            State = i.State.Name(),
            Area = i.Area.Name(),
            Approach = i.Approach?.Value,
            i.MetresFromGate,
            i.LateralMetres,
            i.BeganAt,
            i.UpdatedAt,
            i.EndedAt,
            i.Confidence,
            i.Passed,
            i.Expected,
            told.HeardAt,
            Late = told.IsLate,
        };
    }

    private static object Of(CameraStatus status) => new
    {
        Site = status.Site.Value,
        Camera = status.Camera.Value,
        State = status.State.ToString().ToLowerInvariant(),
        status.Reason,
        status.Frames,
        status.Dropped,
        FramesPerSecond = Math.Round(status.FramesPerSecond, 2),
        status.Reconnects,
        status.LastFrame,
        Scene = status.Junction is null ? status.Scene.Name() : null,
        status.SceneReason,
        status.Junction,
    };

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, 1) : null;
}
