using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Server.Tables;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Node.Run;

/// <summary>Puts the web host into a node whose settings want it: with the node's queries, topics and accounts.</summary>
internal static class PagesHosting
{
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(3);

    /// <exception cref="JobFailedException">The certificate cannot be used.</exception>
    public static void AddPages(this IServiceCollection services, NodeDefinition node)
    {
        if (node.Web is not { } web) return;
        if (node.WebCallers is { } callers)
        {
            services.AddSingleton(callers);
        }
        else
        {
            // Whatever has happened to its file, cameras count: who wants to sign in is told.
            var store = AccountStore.Over(node.DataDirectory, TimeProvider.System);
            services.AddSingleton(store);
            services.AddSingleton(_ => new Sessions(store, node.Sessions, node.DataDirectory));
            services.AddSingleton(s => new Login(store, s.GetRequiredService<Sessions>()));
            services.AddSingleton<ICallers>(s =>
                new AccountCallers(store, s.GetRequiredService<Sessions>(), s.GetRequiredService<Login>(), new ApiTokens(store), Recorder(s.GetRequiredService<NodeSystems>()), web.IsHttps));
        }

        services.AddSingleton(s =>
        {
            var systems = s.GetRequiredService<NodeSystems>();
            var ports = new WebPorts(
                () => systems.Sites, () => ReadTables.Flows(node.Journal), () => ReadTables.Journeys(node.Journal), new NodeTopics(systems, TimeProvider.System), () => systems.HealthOfAll, TimeProvider.System) { Record = Recorder(systems), KeptFor = node.Actors.Tables.LongBins };
            var logs = s.GetRequiredService<ILoggerFactory>();
            return new WebServer(web, ports, s.GetRequiredService<ICallers>(), logs, Certificate(web, logs));
        });
        services.AddSingleton<IHostedService>(s => new StartedPages(s.GetRequiredService<WebServer>(), web, s.GetService<Login>()));
    }

    private static Func<AuditEvent, Task> Recorder(NodeSystems systems) => e => systems.AuditLog?.RecordSoonAsync(e) ?? Task.CompletedTask;

    private static Func<System.Net.Security.SslStreamCertificateContext>? Certificate(WebSettings web, ILoggerFactory logs)
    {
        if (web.Tls is not { } tls) return null;
        try
        {
            var watched = new WatchedCertificate(tls.Certificate, tls.PrivateKey, "pages", logs.CreateLogger<WatchedCertificate>(), TimeProvider.System);
            return () => watched.Current.Context;
        }
        catch (FormatException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>Starts and stops the host; a port that is taken ends the node with what to do.</summary>
    private sealed class StartedPages(WebServer server, WebSettings settings, Login? login) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            try
            {
                await server.StartAsync(cancellationToken);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                throw new JobFailedException($"{settings.Listen} cannot be listened on for pages ({e.Message}): does something else use the port, is it an address of this machine? Set another trafficflow.web.listen", e);
            }
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await server.StopAsync(cancellationToken);
            // A lock that somebody else holds must not hold up cameras and counts.
            if (login is not null) await Task.WhenAny(login.FlushAsync(), Task.Delay(FlushWithin, TimeProvider.System, cancellationToken));
        }
    }
}
