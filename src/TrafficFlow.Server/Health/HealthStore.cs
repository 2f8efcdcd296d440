using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Server.Health;

/// <summary>Writes the board's last values to the snapshots of the servers' journal, always in the same row, and reads them at its start.</summary>
internal sealed class HealthStore : InspectedPersistentActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _failed;

    public static Props Props(IActorRef board) => Akka.Actor.Props.Create(() => new HealthStore(board));

    public HealthStore(IActorRef board)
    {
        Recover<SnapshotOffer>(offer =>
        {
            if (offer.Snapshot is HealthBoardSnapshot stored) board.Tell(stored);
            else if (offer.Snapshot is DamagedRow damaged) _log.Warning("The stored health board is damaged ({Reason}): nodes that are silent now are not known", damaged.Reason);
        });
        Command<HealthBoardSnapshot>(SaveSnapshot);
        Command<SaveSnapshotSuccess>(_ => _failed = false);
        Command<SaveSnapshotFailure>(failure =>
        {
            if (!_failed) _log.Warning("The health board could not be stored ({Reason}): it goes on in memory, and is stored when the database is back", failure.Cause.Message);
            _failed = true;
        });
    }

    public override string PersistenceId => "health-board";
}
