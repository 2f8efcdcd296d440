using Akka.Actor;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Petabridge.Cmd.Host;
using TrafficFlow.Node.ControlServer;

namespace TrafficFlow.Node.PetabridgeConsole;

/// <summary>Opens the console in the actor system that lives as long as the node; only on loopback, since whoever reaches its port may ask.</summary>
internal sealed partial class PetabridgeConsoleService(INodeSystems node, ControlDispatcher dispatcher, ILogger<PetabridgeConsoleService> log) : IHostedService
{
    private const string Account = "petabridge-cmd";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if ((node.Roadside ?? node.Cluster) is { } system) Start(system);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Start(ActorSystem system)
    {
        var host = system.Settings.Config.GetString("petabridge.cmd.host", "");
        if (!IsLoopback(host))
        {
            LogNotOpened(host.Length == 0 ? "its default" : host);
            return;
        }

        var console = PetabridgeCmd.Get(system);
        console.RegisterCommandPalette(new CatalogCommands(words => dispatcher.AnswerAsync(new ControlRequest(words), Account, CancellationToken.None)));
        console.Start();
    }

    internal static bool IsLoopback(string host) => host is "127.0.0.1" or "::1" or "localhost";

    [LoggerMessage(LogLevel.Warning, "The console of Petabridge.Cmd is not opened, since it would listen on {Host}: set petabridge.cmd.host = 127.0.0.1")]
    private partial void LogNotOpened(string host);
}
