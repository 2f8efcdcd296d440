using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Server.Aggregation;

/// <summary>Entries whose clock was wrong: they wait until somebody releases them, moves them to the right time or discards them.</summary>
public sealed partial class ApproachAggregator
{
    private readonly DelayCheck _delays;
    private readonly HeldRuns _held;
    private bool _isQuarantineFull;

    // Waits until what is being written is written.
    private (ResolveQuarantine Command, IActorRef From)? _decision;

    /// <summary>Says once for each run of a camera what happens to it. Without room the batch waits in its outbox.</summary>
    private bool HasRoomFor(BatchCounted counted)
    {
        if (counted.Quarantined is not { } wrong) return true;
        var (camera, epoch) = (counted.Camera, counted.HighWater.Epoch);
        if (_state.Quarantine.Sum(q => q.Entries.Count) + wrong.Count > _settings.MaxQuarantined)
        {
            if (!_isQuarantineFull)
                _log.Error(
                    "ALARM: the quarantine of approach {Approach} is full ({Max} entries): camera {Camera} waits in its outbox. Decide on what is there: trafficflow ctl quarantine show {Approach}",
                    PersistenceId, _settings.MaxQuarantined, camera, ApproachName);
            _isQuarantineFull = true;
            return false;
        }

        _isQuarantineFull = false;
        if (_held.Add(camera, epoch))
            _log.Error(
                "ALARM: the clock of camera {Camera} is wrong by {Offset}: what it counts under epoch {Epoch} for approach {Approach} waits in quarantine, and its time shows as missing. Set the clock of its node or of this server right, then decide: trafficflow ctl quarantine show {Approach}",
                camera, Explain(counted.StampOffset), epoch, ApproachName, ApproachName);
        return true;
    }

    /// <summary>
    /// Where it was this server's clock that was wrong, and has been set right: what it held back for that counts as it is stamped.
    /// </summary>
    private bool ReleaseWhatOwnClockHeld(DateTimeOffset now)
    {
        if (!_held.WasClockSet) return false;
        foreach (var (run, step) in _held.StampedRight(_state.Waiting(_setup).Runs, now))
        {
            var (resolved, _) = _state.Process(
                new ResolveQuarantine(_setup.Site, _setup.Approach, run.Camera, run.Epoch, QuarantineAction.Release, TimeSpan.Zero), _setup, _settings, now);
            if (resolved is null) continue;
            _held.Remove(run.Camera, run.Epoch);
            _log.Warning(
                "The clock of this server was set by {Step}: {Entries} entries of camera {Camera}, epoch {Epoch}, for approach {Approach} were stamped right and are counted now",
                step, run.Entries, run.Camera, run.Epoch, ApproachName);
            Write(resolved);
            return true;
        }

        return false;
    }

    private void Handle(ResolveQuarantine command)
    {
        if (!_isPersisting) Resolve(command, Sender);
        else if (Problem() is null && _decision is null) _decision = (command, Sender);
        else Sender.Tell(new QuarantineAnswer(command.Site, command.Approach, 0, Problem() ?? "the approach is writing what it counted: ask again"));
    }

    private void Resolve(ResolveQuarantine command, IActorRef sender)
    {
        var (resolved, problem) = _state.Process(command, _setup, _settings, _time.GetUtcNow());
        if (resolved is null)
        {
            sender.Tell(new QuarantineAnswer(command.Site, command.Approach, 0, problem));
            return;
        }

        var entries = _state.CountOf(resolved);
        Write(resolved, () =>
        {
            _held.Remove(resolved.Camera, resolved.Epoch);
            _log.Info(
                "Approach {Approach}: {Entries} entries of camera {Camera}, epoch {Epoch}, left the quarantine ({Action}, moved by {Shift})",
                ApproachName, entries, resolved.Camera, resolved.Epoch, resolved.Action, resolved.Shift);
            sender.Tell(new QuarantineAnswer(command.Site, command.Approach, entries, ""));
        });
    }

    private string ApproachName => $"{_setup.Site}/{_setup.Approach}";

    private static string Explain(TimeSpan? offset) =>
        offset is { } by ? $"{by.Duration():c} ({(by > TimeSpan.Zero ? "behind" : "ahead of")} this server)" : "an unknown time (its stamps lie ahead of this server)";
}
