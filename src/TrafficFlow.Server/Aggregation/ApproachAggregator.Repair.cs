using Akka.Actor;
using Akka.Event;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Aggregation;

/// <summary>Somebody sets a camera's mark, and takes away what lies ahead: an event, so that it holds after a restart too.</summary>
public sealed partial class ApproachAggregator
{
    private void Handle(RepairCamera command)
    {
        var sender = Sender;
        if (_isPersisting)
        {
            sender.Tell(new RepairAnswer(command.Site, command.Approach, null, Problem() ?? "the approach is writing what it counted: ask again"));
            return;
        }

        var (repaired, problem) = _state.Process(command, _setup, _settings, _time.GetUtcNow());
        if (repaired is null)
        {
            sender.Tell(new RepairAnswer(command.Site, command.Approach, null, problem));
            return;
        }

        Write(repaired, () =>
        {
            _closing.Forget();
            _refused.Forget(repaired.Camera);
            _log.Warning(
                "Approach {Approach}: the mark of camera {Camera} was set to {Position} by command, and what lay after {Ahead:O} was removed",
                ApproachName, repaired.Camera, repaired.To, repaired.Ahead);
            sender.Tell(new RepairAnswer(command.Site, command.Approach, repaired.To, ""));
        });
    }
}
