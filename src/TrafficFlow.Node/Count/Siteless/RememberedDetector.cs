using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>Gives again what was found in the first frames of a file, and looks for itself from there on. The owner of the detector disposes of it.</summary>
/// <param name="remembered">For each frame from the file's first on; null where it was not looked at.</param>
internal sealed class RememberedDetector(IVehicleDetector detector, IReadOnlyList<Detection[]?> remembered) : IVehicleDetector
{
    private int _asked;
    private Detection[]? _next;

    public DetectorIdentity Identity => detector.Identity;

    /// <summary>Asked once for each frame, and so knows which one is to come: a recording's files number theirs anew.</summary>
    public bool IsDue(DateTimeOffset time)
    {
        _next = _asked < remembered.Count ? remembered[_asked] : null;
        return _asked++ < remembered.Count ? _next is not null : detector.IsDue(time);
    }

    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        if (_next is null)
        {
            detector.Detect(frame, detections);
            return;
        }

        detections.Clear();
        detections.AddRange(_next);
    }

    public void Dispose()
    {
    }
}
