using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>The incidents of one junction while it is counted. They are hints: whatever is wrong with their detector, counting goes on, and they rest until the next run of the junction.</summary>
/// <param name="create">Makes a detector that has seen nothing.</param>
/// <param name="found">Gets what is new.</param>
/// <param name="failed">Gets why there are no more hints; what was open is watched no more.</param>
internal sealed class IncidentHints(Func<IIncidentDetector> create, Action<Incident> found, Action<Exception> failed)
{
    private readonly List<Incident> _told = [];
    private IIncidentDetector? _detector = create();

    public void Watch(JunctionScene scene) => Do(detector => detector.Watch(scene, _told));

    /// <summary>No camera watches any more; with what follows a detector that failed begins anew.</summary>
    public void Interrupt()
    {
        Do(detector => detector.Interrupt(_told));
        _detector ??= create();
    }

    private void Do(Action<IIncidentDetector> step)
    {
        if (_detector is not { } detector) return;
        try
        {
            step(detector);
        }
        catch (Exception e)
        {
            _detector = null;
            _told.Clear();
            failed(e);
            return;
        }

        foreach (var incident in _told) found(incident);
        _told.Clear();
    }
}
