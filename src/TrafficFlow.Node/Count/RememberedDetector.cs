using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Node.Count;

/// <summary>Gives again what was found in the first frames of a file, and looks for itself from there on. The owner of the detector disposes of it.</summary>
/// <param name="remembered">For each frame from the file's first on; null where it was not looked at.</param>
internal sealed class RememberedDetector(IVehicleDetector detector, IReadOnlyList<Detection[]?> remembered) : IVehicleDetector
{
    private int _asked;

    public DetectorIdentity Identity => detector.Identity;

    public bool IsDue(DateTimeOffset time) => _asked < remembered.Count ? remembered[_asked++] is not null : detector.IsDue(time);

    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        if (frame.Index >= remembered.Count)
        {
            detector.Detect(frame, detections);
            return;
        }

        detections.Clear();
        detections.AddRange(remembered[(int)frame.Index] ?? []);
    }

    public void Dispose()
    {
    }
}
