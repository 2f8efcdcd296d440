using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Cameras;

/// <summary>Queries to the cameras and their replies.</summary>
internal static class CamerasWire
{
    /// <summary>What this feature sends and persists.</summary>
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<GetCameraStatus, Proto.GetCameraStatus>("get-camera-status-v1", Write, Read),
        WireLine.For<CameraStatus, Proto.CameraStatus>("camera-status-v1", Write, Read),
        WireLine.For<CameraStatuses, Proto.CameraStatuses>("camera-statuses-v1", Write, Read),
        WireLine.For<UnknownCamera, Proto.UnknownCamera>("unknown-camera-v1", Write, Read),
        WireLine.For<DeliveryReport, Proto.DeliveryReport>("delivery-report-v1", Write, Read),
        WireLine.For<GetCameras, Proto.Nothing>("get-cameras-v1", _ => new Proto.Nothing(), _ => GetCameras.Instance),
        WireLine.For<GetDelivery, Proto.Nothing>("get-delivered-v1", _ => new Proto.Nothing(), _ => GetDelivery.Instance),
        WireLine.For<AwaitDelivery, Proto.Nothing>("when-delivered-v1", _ => new Proto.Nothing(), _ => AwaitDelivery.Instance),
    ];

    public static Proto.GetCameraStatus Write(GetCameraStatus q) => new() { Camera = q.Camera.Value };

    public static GetCameraStatus Read(Proto.GetCameraStatus q) => new(new CameraId(q.Camera));

    public static Proto.CameraStatus Write(CameraStatus s)
    {
        var status = new Proto.CameraStatus
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
            status.Junction = new Proto.JunctionHealth
            {
                Whole = j.Whole,
                Lost = j.Lost,
                Appeared = j.Appeared,
                Inside = j.Inside,
                BrokenShare = j.BrokenShare,
                IsViolated = j.IsViolated,
            };
        }

        if (s.Recording is { } r) status.Recording = new Proto.RecordingHealth { State = (int)r.State, Reason = r.Reason, Segments = r.Segments, Frames = r.Frames, Lost = r.Lost };
        if (s.LastFrame is { } last) status.LastFrameTicks = WireValues.Ticks(last);
        return status;
    }

    public static CameraStatus Read(Proto.CameraStatus s) => new(
        new SiteId(s.Site),
        new CameraId(s.Camera),
        WireValues.Enum<CameraState>(s.State),
        s.Reason,
        s.Frames,
        s.Dropped,
        s.FramesPerSecond,
        s.Reconnects,
        WireValues.Time(s.HasLastFrameTicks, s.LastFrameTicks),
        s.Epoch,
        s.Pending,
        s.OutboxReason,
        WireValues.Enum<SceneState>(s.Scene),
        s.SceneReason)
    {
        Junction = s.Junction is { } j ? new JunctionHealth(j.Whole, j.Lost, j.Appeared, j.Inside, j.BrokenShare, j.IsViolated) : null,
        Recording = s.Recording is { } r ? new RecordingHealth(WireValues.Enum<RecordingState>(r.State), r.Reason, r.Segments, r.Frames, r.Lost) : null,
    };

    public static Proto.CameraStatuses Write(CameraStatuses s) => new() { Cameras = { s.Cameras.Select(Write) } };

    public static CameraStatuses Read(Proto.CameraStatuses s) => new([.. s.Cameras.Select(Read)]);

    public static Proto.DeliveryReport Write(DeliveryReport r) =>
        new() { AllEnded = r.AllEnded, AllDelivered = r.AllDelivered, Cameras = { r.Cameras.Select(Write) } };

    public static DeliveryReport Read(Proto.DeliveryReport r) => new(r.AllEnded, r.AllDelivered, [.. r.Cameras.Select(Read)]);

    public static Proto.UnknownCamera Write(UnknownCamera u) => new() { Camera = u.Camera.Value, Known = { u.Known.Select(k => k.Value) } };

    public static UnknownCamera Read(Proto.UnknownCamera u) => new(new CameraId(u.Camera), [.. u.Known.Select(k => new CameraId(k))]);
}
