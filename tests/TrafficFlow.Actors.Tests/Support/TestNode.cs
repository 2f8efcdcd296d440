using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Wire;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>A node as a host wires it, in the test's process.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _hosted;

    private TestNode(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public ActorSystem System => _services.GetRequiredService<ActorSystem>();
    public ActorRegistry Registry => ActorRegistry.For(System);

    public static async Task<TestNode> Start(Action<AkkaConfigurationBuilder> wire, string name = "trafficflow")
    {
        var services = new ServiceCollection();
        services.AddSingleton<IHostApplicationLifetime, Lifetime>();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddAkka(name, (builder, _) =>
        {
            builder.WithTrafficFlowSerialization();
            builder.AddHocon("akka.loglevel = WARNING, akka.coordinated-shutdown.run-by-actor-system-terminate = off", HoconAddMode.Prepend);
            wire(builder);
        });
        var node = new TestNode(services.BuildServiceProvider());
        foreach (var hosted in node._hosted) await hosted.StartAsync(CancellationToken.None);
        return node;
    }

    /// <summary>Asks until the answer is the awaited one.</summary>
    public Task Until(Func<Task<bool>> condition, TimeSpan patience) =>
        new TestKit(System).AwaitConditionAsync(condition, patience, TimeSpan.FromMilliseconds(20));

    /// <summary>As a service manager stops it.</summary>
    public async Task Stop()
    {
        foreach (var hosted in _hosted) await hosted.StopAsync(CancellationToken.None);
    }

    /// <summary>As kill -9: no shutdown tasks, nothing is flushed.</summary>
    public Task Kill() => System.Terminate();

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _services.DisposeAsync();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
