using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>What it tells of itself.</summary>
public sealed partial class CameraActor
{
    protected override ActorState Describe()
    {
        var status = _health.Status;
        var state = CameraDescription.Of(BehaviourName(Connecting), status, _settings.Camera.Source, _stop);
        state.Add("run", _run);
        state.Add("reads a file", _isFile);
        state.Add("scene", status.Scene.Name());
        state.Add("detector", _settings.Camera.Detector);
        state.Add("good for", _health.GoodFor);
        state.Add("next attempt is awaited", Timers.IsTimerActive(Reconnect.Instance));
        state.Add("junction", _junction);
        return state;
    }
}
