using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Sites;

/// <param name="WrittenSource">The source as the file has it: a relative one stays relative.</param>
/// <param name="Recording">What is recorded of it: no part of what is counted.</param>
internal sealed record WrittenCamera(CameraSetup Camera, string WrittenSource, RecordingSettings Recording);

/// <summary>Reads one camera of trafficflow.site.cameras.</summary>
internal static class CameraSection
{
    public const string DefaultDetector = "default";

    /// <param name="zone">Of the site.</param>
    /// <param name="recording">What the site says of recording.</param>
    public static WrittenCamera Read(
        CameraId id, SettingsReader reader, IReadOnlyDictionary<string, Approach> approaches, TimeZoneInfo zone, RecordingSettings recording, IReadOnlyCollection<string> detectors)
    {
        var written = reader.Text("source", "set the camera's address, for example \"rtsp://HOST/axis-media/media.amp\"");
        var frame = ReadFrame(reader.Section("frame", "add frame { width = 640, height = 360, fps = 10 }"));
        var camera = new CameraSetup(
            id,
            written.Length == 0 ? "" : SourceAddress.Resolve(reader, written),
            frame,
            ReadDetector(reader, detectors),
            PicturePolygons.Read(reader, "masks"),
            GateSection.ReadAll(reader, frame, approaches),
            GroundSection.Read(reader))
        {
            Lens = LensSection.Read(reader, frame),
            GroundErrorMetres = reader.OptionalNumber("ground-error", 0.001, 100, "metres"),
        };
        camera = camera with { Plane = ReadPlane(reader, camera) };
        recording = RecordingSection.Read(reader, zone, recording);
        reader.RefuseUnknown();
        return new WrittenCamera(camera, written, recording);
    }

    private static GroundPlane? ReadPlane(SettingsReader reader, CameraSetup camera)
    {
        if (camera.Ground.Count == 0) return null;
        try
        {
            return GroundPlaneFit.Fit(camera.Ground, (double)camera.Frame.Width / camera.Frame.Height, camera.Lens, camera.GroundErrorMetres).Plane;
        }
        catch (CalibrationException e)
        {
            reader.Problem("ground", e.Problem, e.Remedy, Fault(e.Flaw));
            return null;
        }
    }

    private static SiteFault? Fault(CalibrationFlaw flaw) => flaw switch
    {
        CalibrationFlaw.OnLine => new SiteFault(SiteFaultKind.GroundOnLine),
        CalibrationFlaw.Contradicting => new SiteFault(SiteFaultKind.GroundContradicts),
        CalibrationFlaw.BeyondHorizon => new SiteFault(SiteFaultKind.GroundBeyondHorizon),
        CalibrationFlaw.Mirrored => new SiteFault(SiteFaultKind.GroundMirrored),
        _ => null,
    };

    private static FrameFormat ReadFrame(SettingsReader? frame)
    {
        if (frame is null) return new FrameFormat(640, 360, 10);
        var format = new FrameFormat(
            frame.Whole("width", 32, 4096, "pixels"),
            frame.Whole("height", 32, 4096, "pixels"),
            frame.Number("fps", 0.1, 120, "frames per second"));
        frame.RefuseUnknown();
        return format;
    }

    private static string ReadDetector(SettingsReader reader, IReadOnlyCollection<string> detectors)
    {
        var name = reader.OptionalText("detector") ?? DefaultDetector;
        if (name != DefaultDetector && !detectors.Contains(name))
        {
            reader.Problem("detector", $"there is no detector \"{name}\"", Suggestion.For(name, [DefaultDetector, .. detectors], "known detectors"));
        }

        return name;
    }
}
