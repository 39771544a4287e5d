// Starts telegram-test-api on a free port and says where; repairs what no client library can read.
'use strict';

const net = require('net');
const { TelegramServer } = require('telegram-test-api/lib/telegramServer');
const { routes } = require('telegram-test-api/lib/routes');

const formatUpdate = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const formatted = formatUpdate(update);
  if (formatted.callback_query) {
    // a tap comes without chat_instance, and from a message without id and date
    const { message } = formatted.callback_query;
    formatted.callback_query.chat_instance = String(message.chat.id);
    formatted.callback_query.message = { message_id: 1, date: Math.floor(update.time / 1000), ...message };
  }
  return formatted;
};

const addBotMessage = TelegramServer.prototype.addBotMessage;
TelegramServer.prototype.addBotMessage = function add(raw, token) {
  // it reads no JSON in a form but its own two fields, echoes what it got, and counts dates in milliseconds
  const { link_preview_options: _, ...known } = raw;
  const sent = addBotMessage.call(this, known, token);
  return { ...sent, date: Math.floor(sent.date / 1000) };
};

routes.unshift((app) => app.all('/bot:token/getMe', (req, res) => {
  const id = Number(req.params.token.split(':')[0]); // its own getMe lacks is_bot and is always 666
  res.json({ ok: true, result: { id, is_bot: true, first_name: 'Đôn Đốc', username: 'don_doc_bot' } });
}));

const probe = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(async () => {
    await new TelegramServer({ port, host: '127.0.0.1' }).start();
    process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
  });
});
