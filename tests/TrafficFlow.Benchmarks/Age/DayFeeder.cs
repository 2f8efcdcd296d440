using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Benchmarks.Age;

/// <summary>Delivers one day of a camera as its outbox would: a batch when the one before it is accepted.</summary>
internal sealed class DayFeeder : ReceiveActor
{
    private readonly IEnumerator<DeliveryBatch> _batches;
    private readonly IActorRef _region;
    private readonly TaskCompletionSource _ended;

    public DayFeeder(JunctionDays days, CameraSetup camera, int day, IActorRef region, TaskCompletionSource ended)
    {
        (_batches, _region, _ended) = (days.Batches(camera, day).GetEnumerator(), region, ended);
        Receive<Accepted>(accepted => accepted.UpToSequence == _batches.Current.UpToSequence, _ => Next());
        Receive<Accepted>(_ => { });
        Receive<ReceiveTimeout>(_ => _region.Tell(_batches.Current));
        SetReceiveTimeout(TimeSpan.FromSeconds(10));
    }

    private void Next()
    {
        if (_batches.MoveNext())
        {
            _region.Tell(_batches.Current);
            return;
        }

        _ended.TrySetResult();
        Context.Stop(Self);
    }

    protected override void PreStart() => Next();

    protected override void PostStop() => _batches.Dispose();
}
