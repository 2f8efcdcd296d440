using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Node.Run;

/// <summary>Puts the web host into a node whose settings want it: with the node's queries, topics and accounts.</summary>
internal static class PagesHosting
{
    /// <exception cref="JobFailedException">Certificate or accounts cannot be used.</exception>
    public static void AddPages(this IServiceCollection services, NodeDefinition node)
    {
        if (node.Web is not { } web) return;
        if (node.WebCallers is { } callers)
        {
            services.AddSingleton(callers);
        }
        else
        {
            var store = Open(node.DataDirectory);
            services.AddSingleton(store);
            services.AddSingleton(_ => new Sessions(store, node.Sessions, node.DataDirectory));
            services.AddSingleton<ICallers>(s =>
            {
                var (systems, sessions) = (s.GetRequiredService<NodeSystems>(), s.GetRequiredService<Sessions>());
                return new AccountCallers(store, sessions, new Login(store, sessions), new ApiTokens(store), e => systems.AuditLog?.RecordAsync(e) ?? Task.CompletedTask);
            });
        }

        services.AddSingleton(s =>
        {
            var systems = s.GetRequiredService<NodeSystems>();
            var ports = NodePorts.Of(node, systems, "web");
            var logs = s.GetRequiredService<ILoggerFactory>();
            return new WebServer(web, ports, s.GetRequiredService<ICallers>(), logs, Certificate(web, logs));
        });
        services.AddSingleton<IHostedService>(s => new StartedPages(s.GetRequiredService<WebServer>(), web));
    }

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

    private static AccountStore Open(string dataFolder)
    {
        try
        {
            return AccountStore.Open(dataFolder, TimeProvider.System);
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>Starts and stops the host; a port that is taken ends the node with what to do.</summary>
    private sealed class StartedPages(WebServer server, WebSettings settings) : IHostedService
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

        public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
    }
}
