using System.Diagnostics;
using Akka.Actor;
using Akka.Delivery;
using Akka.Hosting;
using Akka.Persistence.Delivery;
using Akka.Util;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>
/// What Akka.Delivery's durable producer queue reaches on the same journal, one producer to one consumer: the reason why outboxes have a
/// log of their own.
/// </summary>
internal static class AkkaDelivery
{
    /// <returns>Messages per second, confirmed by the consumer.</returns>
    public static async Task<double> MeasureAsync(TempFolder folder, TimeSpan length, CancellationToken cancellation)
    {
        await using var node = await HostedActorSystem.StartAsync("queue", NullLoggerFactory.Instance, akka => akka
            .AddHocon("akka { loglevel = WARNING, stdout-loglevel = ERROR }", HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowJournal(new SqliteJournal(folder.File("akka-delivery.db"))));
        var system = node.System;
        var queue = EventSourcedProducerQueue.Create<string>("queue", system);
        var producer = system.ActorOf(ProducerController.Create<string>(system, "producer", Option<Props>.Create(queue)), "producer-controller");
        var consumer = system.ActorOf(ConsumerController.Create<string>(system, Option<IActorRef>.None), "consumer-controller");
        var confirmed = new Counter();
        system.ActorOf(Props.Create(() => new Producer(producer)), "producer");
        system.ActorOf(Props.Create(() => new Consumer(consumer, producer, confirmed)), "consumer");
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        var (before, clock) = (confirmed.Value, Stopwatch.StartNew());
        await Task.Delay(length, cancellation);
        return (confirmed.Value - before) / clock.Elapsed.TotalSeconds;
    }

    private sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }

    private sealed class Producer : ReceiveActor
    {
        private readonly IActorRef _controller;
        private long _sent;

        public Producer(IActorRef controller)
        {
            _controller = controller;
            Receive<ProducerController.RequestNext<string>>(next => next.SendNextTo.Tell($"north entering passenger-car {++_sent}"));
        }

        protected override void PreStart() => _controller.Tell(new ProducerController.Start<string>(Self));
    }

    private sealed class Consumer : ReceiveActor
    {
        private readonly IActorRef _controller;
        private readonly IActorRef _producer;

        public Consumer(IActorRef controller, IActorRef producer, Counter confirmed)
        {
            (_controller, _producer) = (controller, producer);
            Receive<ConsumerController.Delivery<string>>(d =>
            {
                confirmed.Add();
                d.ConfirmTo.Tell(ConsumerController.Confirmed.Instance);
            });
        }

        protected override void PreStart()
        {
            _controller.Tell(new ConsumerController.Start<string>(Self));
            _controller.Tell(new ConsumerController.RegisterToProducerController<string>(_producer));
        }
    }
}
