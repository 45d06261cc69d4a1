using MiniNet.Data;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Stepping;

namespace MiniNet.Pages;

/// <summary>
/// Creates an interactive page from the steps of a <see cref="BackpropStepper"/>, for teaching: the graph, every step forward and backward,
/// every matrix with its numbers, and for each number the ones it was computed from. The page is one HTML file that needs no network and
/// runs in any browser.
/// </summary>
/// <remarks>
/// The page is built from the files under <c>Page</c>. Numbers are stored with all their digits, as the engine computed them; the page does
/// no arithmetic of its own. Equal tensors are stored once, at about 11 bytes per number, so a network of a million weights makes a file of
/// tens of megabytes. <see cref="Draw"/> throws if the steps hold more than <see cref="MaxNumbers"/> numbers.
/// </remarks>
/// <example>
/// <code>
/// List&lt;Step&gt; steps = [];
/// foreach (Step step in new BackpropStepper(graph, x, targets, optimizer))
///     steps.Add(step);
/// File.WriteAllText("backprop.html", BackpropPage.Draw(graph, steps, "One training step", optimizer));
/// </code>
/// </example>
public static class BackpropPage
{
    /// <summary>The maximum number of numbers in a page, about 45 MB. Equal tensors count once.</summary>
    public const int MaxNumbers = 4_000_000;

    /// <summary>Creates the page.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Steps of the graph in order, at least one. Steps are copies, so they can be collected first.</param>
    /// <param name="title">The title.</param>
    /// <param name="optimizer">The optimizer that made the updates, in its state after the last step. The page then shows its learning rate
    /// and everything else that determines the new weights.</param>
    /// <param name="preprocessing">The preprocessing that produced the input from table rows. The page then names the columns and
    /// classes.</param>
    /// <returns>The HTML document.</returns>
    /// <exception cref="ArgumentException">There are no steps, a step belongs to another graph, or the steps hold more than
    /// <see cref="MaxNumbers"/> numbers.</exception>
    public static string Draw(
        Graph graph, IEnumerable<Step> steps, string title, Optimizer? optimizer = null, Preprocessing? preprocessing = null)
    {
        List<Step> all = [.. steps];
        if (all.Count == 0)
        {
            throw new ArgumentException("There are no steps to show; pass at least one.", nameof(steps));
        }

        if (all.Find(step => step.Node is { } node && node.Graph != graph) is { } foreign)
        {
            throw new ArgumentException(
                $"The step of {foreign.Name} belongs to another graph; pass the graph that the steps came from.", nameof(steps));
        }

        return PageParts.Page(
            "BackpropPage",
            title,
            ("graph", GraphSvgLayout.Draw(graph)),
            ("data", new PageData(graph, optimizer, preprocessing).ToJson(all)));
    }
}
