using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

/// <summary>
/// Two cameras, two approaches, and between them everything that goes wrong: lost, doubled and reordered messages, processes that die
/// between any two steps. Deciders only, so that thousands of histories take seconds.
/// </summary>
public sealed class ExactlyOnceTests
{
    [Fact]
    public void Any_history_of_losses_doubles_restarts_and_damaged_rows_counts_exactly_the_truth()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var world = new World(new Random(seed));
            for (var step = 0; step < 300; step++) world.Step();
            world.Settle();
            world.AssertTruth(seed);
        }
    }

    private sealed class World(Random random)
    {
        private static readonly AggregationSettings Settings = new();
        private static readonly ApproachId[] Approaches = [TestSites.North, TestSites.South];
        private readonly Camera[] _cameras = [new(Cam1, random), new(Cam2, random)];
        private readonly Dictionary<ApproachId, Aggregator> _aggregators = Approaches.ToDictionary(a => a, a => new Aggregator(a));
        private readonly List<DeliveryBatch> _batches = [];
        private readonly List<object> _answers = [];

        public void Step()
        {
            var camera = _cameras[random.Next(2)];
            var approach = Approaches[random.Next(2)];
            switch (random.Next(12))
            {
                case 0 or 1: camera.Measure(); break;
                case 2 or 3: camera.Store(); break;
                case 4 or 5: Send(camera, approach); break;
                case 6 or 7: Deliver(); break;
                case 8: Acknowledge(); break;
                case 9: camera.Trim(); break;
                case 10: if (random.Next(3) == 0) camera.OutboxDies(); else if (random.Next(8) == 0) camera.TrackerDies(); break;
                case 11: if (random.Next(3) == 0) _aggregators[approach].Dies(lastRows: random.Next(3)); break;
            }
        }

        /// <summary>In the end the network works.</summary>
        public void Settle()
        {
            for (var round = 0; round < 2000 && _cameras.Any(c => !c.IsDelivered); round++)
                foreach (var camera in _cameras)
                {
                    camera.Store();
                    foreach (var approach in Approaches) Send(camera, approach);
                    while (_batches.Count > 0) Deliver();
                    while (_answers.Count > 0) Acknowledge();
                }
        }

        public void AssertTruth(int seed)
        {
            Assert.All(_cameras, c => Assert.True(c.IsDelivered, $"seed {seed}: something was never delivered"));
            foreach (var approach in Approaches)
            {
                var truth = _cameras.SelectMany(c => c.Truth).OfType<VehicleEntry>().Count(v => v.Vehicle.Approach == approach);
                var state = _aggregators[approach].State;
                Assert.True(truth == state.Totals.Values.Sum(), $"seed {seed}, {approach}: {state.Totals.Values.Sum()} for {truth}");
                Assert.Equal(truth, state.Cells.All.Sum(c => c.Sums.Count));
                foreach (var camera in _cameras)
                {
                    var watched = IntervalSet.Of(camera.Truth.OfType<CoverageEntry>().Select(c => new Interval(c.Coverage.From, c.Coverage.To)));
                    Assert.Equal(watched, state.Cameras.TryGetValue(camera.Id.Value, out var feed) ? feed.Watched : IntervalSet.Empty);
                }
            }
        }

        private void Send(Camera camera, ApproachId approach)
        {
            if (camera.Next(approach) is not { } batch) return;
            _batches.Add(batch);
            if (random.Next(3) == 0) _batches.Add(batch);
        }

        private void Deliver()
        {
            if (_batches.Count == 0) return;
            var batch = Take(_batches);
            if (random.Next(5) == 0) return;
            _answers.Add(_aggregators[batch.Approach].Receive(batch));
        }

        private void Acknowledge()
        {
            if (_answers.Count == 0) return;
            var answer = Take(_answers);
            var camera = answer is Accepted accepted ? accepted.Camera : ((Behind)answer).Camera;
            if (random.Next(5) != 0) _cameras.Single(c => c.Id == camera).Receive(answer);
        }

        private T Take<T>(List<T> from)
        {
            var i = random.Next(from.Count);
            var taken = from[i];
            from.RemoveAt(i);
            return taken;
        }

        private sealed class Aggregator(ApproachId approach)
        {
            private readonly List<ApproachEvent> _journal = [];
            private readonly ApproachSetup _setup = Setup(Cam1, Cam2) with { Approach = approach };

            public ApproachState State { get; private set; } = ApproachState.Empty;

            public object Receive(DeliveryBatch batch)
            {
                if (State.ProcessPlace(batch) is { } behind) return behind;
                if (State.Process(batch, _setup, Settings, batch.Entries.Count == 0 ? TestSites.Morning : At(0)) is { } e)
                {
                    _journal.Add(e);
                    State = State.Apply(e, _setup);
                }

                return new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence);
            }

            /// <param name="lastRows">So many of the last rows are found damaged.</param>
            public void Dies(int lastRows)
            {
                _journal.RemoveRange(Math.Max(0, _journal.Count - lastRows), Math.Min(lastRows, _journal.Count));
                State = _journal.Aggregate(ApproachState.Empty, (s, e) => s.Apply(e, _setup));
            }
        }
    }

    private sealed class Camera(CameraId id, Random random)
    {
        private readonly SortedDictionary<long, OutboxEvent> _journal = [];
        private readonly List<OutboxEntry> _unacknowledged = [];
        private OutboxState _outbox = New;
        private long _journalSequence;
        private long _epoch;
        private long _sequence;
        private int _life;
        private double _time;

        // More than any damage in this world reaches back.
        private static OutboxState New => new(Keep: 100_000);

        public CameraId Id => id;

        /// <summary>What was stored at least once: what a dying tracker still held was never measured, its time shows as missing.</summary>
        public List<OutboxEntry> Truth { get; } = [];

        public bool IsDelivered => _unacknowledged.Count == 0 && _outbox.Pending == 0;

        public void Measure()
        {
            var from = _time;
            for (var i = random.Next(4); i > 0; i--)
                _unacknowledged.Add(Car(++_sequence, _time += 0.5, id, random.Next(2) == 0 ? TestSites.North : TestSites.South));
            _unacknowledged.Add(Watched(++_sequence, from, _time += 5, id));
        }

        public void Store()
        {
            if (_epoch == 0)
            {
                Persist(_outbox.Process(new OpenEpoch($"life {_life}", TestSites.Motion, [TestSites.North, TestSites.South])));
                _epoch = _outbox.CurrentEpoch!.Epoch;
            }

            if (_unacknowledged.Count == 0) return;
            var command = new Store(_epoch, [.. _unacknowledged.Take(1 + random.Next(6))]);
            var events = _outbox.Process(command, int.MaxValue);
            Persist(events);
            Truth.AddRange(events.OfType<EntriesStored>().SelectMany(e => e.Entries));
            // Now and then the answer is lost, and the tracker sends again.
            if (random.Next(4) != 0) _unacknowledged.RemoveAll(e => e.Sequence <= _outbox.LastStored.Sequence);
        }

        public DeliveryBatch? Next(ApproachId approach)
        {
            while (_outbox.NextFor(approach, 1 + random.Next(5)) is { } next)
            {
                if (!next.Entries.IsEmpty)
                    return new DeliveryBatch(
                        TestSites.Kokandori, id, approach, next.UpTo.Epoch, next.UpTo.Sequence, TestSites.Motion, next.Entries,
                        _outbox.DeliveredTo(approach));
                _outbox = _outbox.Advance(approach, next.UpTo);
            }

            return null;
        }

        public void Receive(object answer) => _outbox = answer is Accepted accepted ? _outbox.Apply(accepted) : _outbox.Apply((Behind)answer);

        public void Trim()
        {
            if (_epoch == 0) return;
            Persist([_outbox.Acknowledge()]);
            foreach (var key in _journal.Keys.Where(k => k <= _outbox.DeletableUpTo).ToList()) _journal.Remove(key);
        }

        public void OutboxDies() => _outbox = _journal.Aggregate(New, (s, e) => s.Apply(e.Value, e.Key));

        public void TrackerDies()
        {
            _unacknowledged.Clear();
            _life++;
            (_epoch, _sequence) = (0, 0);
        }

        private void Persist(IReadOnlyList<OutboxEvent> events)
        {
            foreach (var e in events)
            {
                _journal.Add(++_journalSequence, e);
                _outbox = _outbox.Apply(e, _journalSequence);
            }
        }
    }
}
