using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>What every owner of a camera tells of itself: of one with pictures, of one that plays a script, and of a junction.</summary>
internal static class CameraDescription
{
    public static ActorState Of(string state, CameraStatus status, string source, GracefulShutdown stop) => new(stop.IsUnderWay ? "stopping" : state)
    {
        { "site", status.Site },
        { "camera", status.Camera },
        { "source", source.Length == 0 ? null : source },
        { "health", status.State },
        { "reason", status.Reason },
        { "processed", status.Frames, "frames" },
        { "dropped", status.Dropped, "frames" },
        { "rate", Math.Round(status.FramesPerSecond, 2), "frames/s" },
        { "reconnects", status.Reconnects },
        { "last frame", status.LastFrame },
        { "epoch", status.Epoch },
        { "not yet stored", status.Pending, "entries" },
        { "outbox", status.OutboxReason.Length == 0 ? "stores" : status.OutboxReason },
    };
}
