using Akka.Actor;
using Akka.Event;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Aggregation;

/// <summary>Entries whose clock was wrong: they wait until somebody releases them, moves them to the right time or discards them.</summary>
public sealed partial class ApproachAggregator
{
    private readonly HashSet<(string Camera, long Epoch)> _reported = [];
    private bool _isQuarantineFull;

    /// <summary>Says once for each run of a camera what happens to it. Without room the batch waits in its outbox.</summary>
    private bool HasRoomFor(BatchCounted counted)
    {
        if (counted.Quarantined is not { } wrong) return true;
        var (camera, epoch) = (counted.Camera, counted.HighWater.Epoch);
        if (_state.Quarantine.Sum(q => q.Entries.Count) + wrong.Count > _settings.MaxQuarantined)
        {
            if (!_isQuarantineFull)
                _log.Error(
                    "ALARM: the quarantine of approach {Approach} is full ({Max} entries): camera {Camera} waits in its outbox. Decide on what is there: trafficflow ctl approach quarantine {Approach}",
                    PersistenceId, _settings.MaxQuarantined, camera, ApproachName);
            _isQuarantineFull = true;
            return false;
        }

        _isQuarantineFull = false;
        if (_reported.Add((camera.Value, epoch)))
            _log.Error(
                "ALARM: the clock of camera {Camera} is wrong by {Offset}: what it counts under epoch {Epoch} for approach {Approach} waits in quarantine, and its time shows as missing. Set the clock of its node or of this server right, then decide: trafficflow ctl approach quarantine {Approach}",
                camera, Explain(counted.StampOffset), epoch, ApproachName, ApproachName);
        return true;
    }

    private void Handle(ResolveQuarantine command)
    {
        var sender = Sender;
        var (resolved, problem) = _state.Process(command, _setup, _settings, _time.GetUtcNow());
        if (resolved is null)
        {
            sender.Tell(new QuarantineAnswer(command.Site, command.Approach, 0, problem));
            return;
        }

        var entries = _state.CountOf(resolved);
        Persist(resolved, e =>
        {
            Applied(e);
            _log.Info(
                "Approach {Approach}: {Entries} entries of camera {Camera}, epoch {Epoch}, left the quarantine ({Action}, moved by {Shift})",
                ApproachName, entries, e.Camera, e.Epoch, e.Action, e.Shift);
            sender.Tell(new QuarantineAnswer(command.Site, command.Approach, entries, ""));
        });
    }

    private string ApproachName => $"{_setup.Site}/{_setup.Approach}";

    private static string Explain(TimeSpan? offset) =>
        offset is { } by ? $"{by.Duration():c} ({(by > TimeSpan.Zero ? "behind" : "ahead of")} this server)" : "an unknown time (its stamps lie ahead of this server)";
}
