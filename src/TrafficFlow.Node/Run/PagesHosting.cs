using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Mark.Desk;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Vision.Scene;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Audit;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Operations;

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
            services.AddCustody(node, store);
            services.AddSingleton(_ => new Sessions(store, node.Sessions, node.DataDirectory));
            services.AddSingleton(s => new Login(store, s.GetRequiredService<Sessions>()));
            services.AddSingleton<ICallers>(s =>
                new AccountCallers(store, s.GetRequiredService<Sessions>(), s.GetRequiredService<Login>(), new ApiTokens(store), Recorder(s.GetRequiredService<NodeSystems>()), web.IsHttps));
        }

        var scores = new ScoreFolder(Path.Combine(node.DataDirectory, "scores"));
        services.AddSingleton(s => new MarkingDesk(() => s.GetRequiredService<NodeSystems>().SiteFiles, node.DataDirectory, scores, s.GetRequiredService<ILogger<MarkingDesk>>(), TimeProvider.System, s.GetService<VehicleDetectorFactory>()));
        services.AddSingleton(s =>
        {
            var systems = s.GetRequiredService<NodeSystems>();
            var ports = NodePorts.Of(node, systems, "web") with
            {
                Node = Facts(node, systems, s),
                Audit = new AuditBook(new AuditPlace(node.DataDirectory), node.Audit.CopyTo is { } copy ? [copy] : []),
                Editor = Editor(node, systems),
                Pictures = systems is { Pictures: { } pictures, Scenes: { } scenes } ? new NodePictures(pictures, scenes) : null,
                Scores = scores,
                Marking = node.IsRoadside ? s.GetRequiredService<MarkingDesk>() : null,
                Reports = systems.Reports,
                Studies = systems.Studies is { } studies ? new ShelvedStudies(studies) : null,
                Custody = s.GetService<CustodyBooks>(),
                Recordings = node.WebCallers is null ? systems.Recordings : null,
                Notices = node.IsServer ? node.Notices : null,
                Printer = new WeasyPrinter(TimeProvider.System),
            };
            var logs = s.GetRequiredService<ILoggerFactory>();
            return new WebServer(web, ports, s.GetRequiredService<ICallers>(), logs, Certificate(web, logs));
        });
        services.AddSingleton<IHostedService>(s => new StartedPages(s.GetRequiredService<WebServer>(), web, s.GetService<Login>()));
    }

    private static void AddCustody(this IServiceCollection services, NodeDefinition node, AccountStore store)
    {
        services.AddSingleton(s =>
        {
            var systems = s.GetRequiredService<NodeSystems>();
            return NodeCustody.Open(node.DataDirectory, node.Custody, store, () => systems.Sites, new NodeChecksOfSite(() => systems.HealthOfAll, [new PictureHeightChecks(() => systems.Sites, TimeProvider.System)], TimeProvider.System), TimeProvider.System, systems.Clock.Passed) with
            {
                Problem = () => systems.CustodyProblem?.Invoke(),
                Elsewhere = () => systems.DismissalsElsewhere?.Standing ?? [],
                Segments = s.GetService<IRecordedSegments>(),
                Erasure = s.GetService<IErasureDesk>(),
            };
        });
        services.AddSingleton(s =>
        {
            var systems = s.GetRequiredService<NodeSystems>();
            List<IAlertChannel> channels = [];
            if (node.Custody.Mail is { } mail) channels.Add(new MailAlerts(mail, TimeProvider.System));
            if (node.Custody.Webhook is { } webhook) channels.Add(new WebhookAlerts(webhook, TimeProvider.System));
            var watch = new CustodyWatch(node.DataDirectory, s.GetRequiredService<CustodyBooks>(), store, channels, Recorder(systems), s.GetRequiredService<ILogger<CustodyWatch>>(), TimeProvider.System) { Elsewhere = systems.DismissalsElsewhere, Recordings = systems.DueAsync };
            systems.CustodyProblem = () => watch.Problem;
            return watch;
        });
        services.AddHostedService(s => s.GetRequiredService<CustodyWatch>());
    }

    private static SiteEditor? Editor(NodeDefinition node, NodeSystems systems)
    {
        if (node.SettingsFile is not { } config) return null;
        var editor = new SiteEditor(new EditorNode(
            node.DataDirectory, config, () => systems.SiteFiles,
            (caller, target, run) => systems.Gate.RunAsync(CallerAudit.PrincipalOf(caller), ["site", "reload"], ReloadSites.Instance, target, run),
            systems.ReloadSitesAsync, Recorder(systems), camera => systems.Recent?.Of(camera), new SceneFiles(Path.Combine(node.DataDirectory, "scenes")).Load, TimeProvider.System));
        editor.Settle();
        return editor;
    }

    private static Func<AuditEvent, Task> Recorder(NodeSystems systems) => e => systems.AuditLog?.RecordSoonAsync(e) ?? Task.CompletedTask;

    private static NodeFactsReader Facts(NodeDefinition node, NodeSystems systems, IServiceProvider services)
    {
        var files = new[] { ("remoting", node.Membership.Tls?.Certificate), ("subscribers", node.Subscriptions?.Certificate), ("pages", node.Web?.Tls?.Certificate) };
        var subscribers = services.GetService<SubscriptionServer>();
        return new NodeFactsReader(
            services.GetRequiredService<HealthCheckService>(), [.. files.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!))],
            () => systems.AuditProblem,
            subscribers is null ? null : () => subscribers.Streams, TimeProvider.System);
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
