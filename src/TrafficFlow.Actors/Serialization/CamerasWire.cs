using TrafficFlow.Actors.Cameras;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Serialization;

/// <summary>Queries to the cameras and their replies.</summary>
internal static class CamerasWire
{
    public static Wire.GetCameraStatus Write(GetCameraStatus q) => new() { Camera = q.Camera.Value };

    public static GetCameraStatus Read(Wire.GetCameraStatus q) => new(new CameraId(q.Camera));

    public static Wire.CameraStatus Write(CameraStatus s)
    {
        var status = new Wire.CameraStatus
        {
            Site = s.Site.Value,
            Camera = s.Camera.Value,
            State = (int)s.State,
            Reason = s.Reason,
            Frames = s.Frames,
            Dropped = s.Dropped,
            FramesPerSecond = s.FramesPerSecond,
            Reconnects = s.Reconnects,
            Epoch = s.Epoch,
            Pending = s.Pending,
            OutboxReason = s.OutboxReason,
            Scene = (int)s.Scene,
            SceneReason = s.SceneReason,
        };
        if (s.Junction is { } j)
        {
            status.Junction = new Wire.JunctionHealth
            {
                Whole = j.Whole,
                Lost = j.Lost,
                Appeared = j.Appeared,
                Inside = j.Inside,
                BrokenShare = j.BrokenShare,
                IsViolated = j.IsViolated,
            };
        }

        if (s.LastFrame is { } last) status.LastFrameTicks = FlowWire.Ticks(last);
        return status;
    }

    public static CameraStatus Read(Wire.CameraStatus s) => new(
        new SiteId(s.Site),
        new CameraId(s.Camera),
        FlowWire.Enum<CameraState>(s.State),
        s.Reason,
        s.Frames,
        s.Dropped,
        s.FramesPerSecond,
        s.Reconnects,
        FlowWire.Time(s.HasLastFrameTicks, s.LastFrameTicks),
        s.Epoch,
        s.Pending,
        s.OutboxReason,
        FlowWire.Enum<SceneState>(s.Scene),
        s.SceneReason)
    {
        Junction = s.Junction is { } j ? new JunctionHealth(j.Whole, j.Lost, j.Appeared, j.Inside, j.BrokenShare, j.IsViolated) : null,
    };

    public static Wire.CameraStatuses Write(CameraStatuses s) => new() { Cameras = { s.Cameras.Select(Write) } };

    public static CameraStatuses Read(Wire.CameraStatuses s) => new([.. s.Cameras.Select(Read)]);

    public static Wire.DeliveryReport Write(DeliveryReport r) =>
        new() { AllEnded = r.AllEnded, AllDelivered = r.AllDelivered, Cameras = { r.Cameras.Select(Write) } };

    public static DeliveryReport Read(Wire.DeliveryReport r) => new(r.AllEnded, r.AllDelivered, [.. r.Cameras.Select(Read)]);

    public static Wire.UnknownCamera Write(UnknownCamera u) => new() { Camera = u.Camera.Value, Known = { u.Known.Select(k => k.Value) } };

    public static UnknownCamera Read(Wire.UnknownCamera u) => new(new CameraId(u.Camera), [.. u.Known.Select(k => new CameraId(k))]);
}
